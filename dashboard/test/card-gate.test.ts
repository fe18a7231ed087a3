import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { after, before, it } from 'node:test';
import type { Page } from 'playwright-core';
import { dialog } from './key-ring.ts';
import { button, settled } from './page.ts';
import { openSharedTeam, overflow, type SharedTeam, violations } from './team.ts';

let team: SharedTeam | undefined;
before(async () => {
  team = await openSharedTeam();
});
after(() => team?.stop());

const today = () => new Date().toISOString().slice(0, 10);
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

async function ask(page: Page): Promise<void> {
  await page.getByLabel('Reading stored cards').check();
  await page.getByLabel('Assessor, or who signed').fill('Assessors Ltd');
  const buffer = Buffer.from('the attestation');
  await page
    .getByLabel('The document', { exact: true })
    .setInputFiles({ name: 'aoc.pdf', mimeType: 'application/pdf', buffer });
  await page.getByLabel('Counts from').fill(today());
  await page.getByLabel('Its last day').fill(tomorrow());
  await button(page, 'Ask for it').click();
  await page.getByText('Another person has to approve it.').waitFor();
}

async function register(page: Page): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await button(page, 'Register a key …').click();
  await dialog(page).getByLabel('Name').fill('Safe of finance');
  const paste = (key: KeyObject) =>
    dialog(page)
      .getByLabel('Public key, as JWK')
      .fill(JSON.stringify(key.export({ format: 'jwk' })));
  const sent: (string | null)[] = [];
  page.on('request', (request) => sent.push(request.postData()));
  await paste(privateKey);
  await button(page, 'Register').click();
  await dialog(page).getByText('This is the private key. It was not sent.').waitFor();
  assert.ok(!sent.some((body) => body?.includes('"d"')), 'the private key was sent');
  await paste(publicKey);
  assert.deepEqual(await violations(page), [], 'registering');
  await button(page, 'Register').click();
  await page.getByText('The key is registered').waitFor();
}

it('the gate is opened by two people, and closed by one', async (t) => {
  if (team === undefined) return t.skip('there is no browser');
  const roles = { test: 'security_officer', live: 'security_officer' };
  const officer = await team.join(`officer.${Date.now()}@example.com`, 'Radia Perlman', roles);
  const page = await team.openAsOwner('/card-gate', { width: 320 });
  await ask(page);
  await page.getByText('You asked for it: another person has to approve.').waitFor();
  assert.equal(await button(page, 'Approve …').count(), 0);
  await register(page);
  await settled(page);
  assert.deepEqual(await violations(page), [], 'waiting');
  assert.deepEqual(await overflow(page), []);

  const cookie = officer.browser.cookie;
  const theirs = await team.open('/card-gate', { cookie, theme: 'dark' });
  await theirs.getByText('Waiting for a second person').waitFor();
  await settled(theirs);
  assert.deepEqual(await violations(theirs), [], 'deciding');
  await button(theirs, 'Approve …').first().click();
  await dialog(theirs).getByText('You answer for it with your name.').waitFor();
  assert.deepEqual(await violations(theirs), [], 'approving');
  await button(theirs, 'Open the gate').click();
  await theirs.getByText('It lets through: reading stored cards.').waitFor();
  await button(theirs, 'Approve …').click();
  await button(theirs, 'Approve the key').click();
  await theirs.getByText('Safe of finance is approved').waitFor();
  await button(theirs, 'Close it now …').click();
  await dialog(theirs).getByLabel('Reason').fill('An exercise');
  await button(theirs, 'Close the gate').click();
  await theirs.getByText('The card gate is closed').waitFor();
  await theirs.getByText('Closed by a person').waitFor();
  await page.reload();
  await page.getByText('An exercise').first().waitFor();
  assert.deepEqual(await violations(page), [], 'closed');
  assert.deepEqual(team.complaints, []);
  await page.context().close();
  await theirs.context().close();
});
