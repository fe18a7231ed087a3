import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { dialog } from './key-ring.ts';
import { button, settled } from './page.ts';
import { openSharedTeam, overflow, type SharedTeam, violations } from './team.ts';

let team: SharedTeam | undefined;
before(async () => {
  team = await openSharedTeam();
});
after(() => team?.stop());

it('a destination is named by one person and approved by another', async (t) => {
  if (team === undefined) return t.skip('there is no browser');
  const roles = { test: 'security_officer', live: 'security_officer' };
  const officer = await team.join(`forward.${Date.now()}@example.com`, 'Radia Perlman', roles);
  const page = await team.openAsOwner('/forwarding', { width: 320 });
  await page.evaluate("localStorage.setItem('payos.mode', 'live')");
  await page.reload();
  await page.getByText('No destination here').waitFor();
  await page.getByLabel('Name', { exact: true }).first().fill('Club');
  await page.getByLabel('URL').fill('https://localhost:9444/v1/');
  await page.getByLabel('Number').fill('card/number');
  await button(page, 'Name it').click();
  await page.getByText('This is not a JSON pointer').first().waitFor();
  await page.getByLabel('Number').fill('/card/number');
  await page.getByLabel('Expiry').fill('/card/month, /card/year');
  await button(page, 'Name it').click();
  await page.getByText('You named it: another person has to approve.').waitFor();
  assert.equal(await button(page, 'Approve …').count(), 0);
  await settled(page);
  assert.deepEqual(await violations(page), [], 'waiting');
  assert.deepEqual(await overflow(page), []);

  const { cookie } = officer.browser;
  const theirs = await team.open('/forwarding', { cookie, theme: 'dark' });
  await theirs.evaluate("localStorage.setItem('payos.mode', 'live')");
  await theirs.reload();
  await button(theirs, 'Approve …').click();
  await dialog(theirs).getByText('You answer for it with your name.').waitFor();
  assert.deepEqual(await violations(theirs), [], 'approving');
  await button(theirs, 'Approve').click();
  await theirs.getByText('Club is approved').waitFor();
  await page.reload();
  await button(page, 'Remove …').click();
  await button(page, 'Remove').click();
  await page.getByText('Removed', { exact: true }).first().waitFor();
  assert.deepEqual(team.complaints, []);
  await page.context().close();
  await theirs.context().close();
});
