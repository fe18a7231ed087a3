import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Page } from 'playwright-core';
import { newId } from '../../server/src/core/random.ts';
import { openSharedTeam, type SharedTeam } from './team.ts';

let team: SharedTeam | undefined;
before(async () => {
  team = await openSharedTeam();
});
after(() => team?.stop());

/** The owner of the first organization is an owner of a second one, too. */
async function secondOrganization({ payos, db, owner }: SharedTeam): Promise<void> {
  const second = await payos.operator.createOrganization('Beta');
  await db.query(
    `INSERT INTO members (organization_id, id, account_id, role_test, role_live)
     VALUES ($1, $2, $3, 'owner', 'owner')`,
    [second, newId('member'), owner.account],
  );
}

async function switchTo(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /Switch organization/ }).click();
  await page.getByRole('menuitemradio', { name }).click();
  await page.getByRole('button', { name: new RegExp(`^${name}`) }).waitFor();
}

it('switching organization in one tab leaves nothing of the other one in another', async (t) => {
  if (team === undefined) return t.skip('there is no browser');
  await secondOrganization(team);
  await team.join('bo@example.com', 'Bo Alpha', { test: 'analyst', live: 'analyst' });
  const first = await team.openAsOwner('/members');
  await first.getByRole('link', { name: 'Bo Alpha' }).first().waitFor();
  const second = await first.context().newPage();
  await second.goto(`${team.payos.api.origin}/`);
  await switchTo(second, 'Beta');
  // The first tab follows by itself: the name above and the people below are of one organization.
  await first.getByRole('button', { name: /^Beta/ }).waitFor();
  await first.getByRole('link', { name: 'Bo Alpha' }).first().waitFor({ state: 'detached' });
  await first.context().close();
  assert.deepEqual(team.complaints.splice(0), []);
});
