import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { button, dialog, heading, link, openKeyRing } from './key-ring.ts';
import { openSharedTeam, type SharedTeam } from './team.ts';

let team: SharedTeam | undefined;
let ring: ReturnType<typeof openKeyRing>;
before(async () => {
  team = await openSharedTeam();
  if (team !== undefined) ring = openKeyRing(team);
});
after(() => team?.stop());

/** A test in the browser; skipped where there is none. */
function scene(name: string, run: (team: SharedTeam) => Promise<void>): void {
  it(name, async (t) => (team === undefined ? t.skip('there is no browser') : run(team)));
}

const inAYear = () => new Date(Date.now() + 300 * 86_400_000).toISOString();

scene('rules are shown with what they would do, and hold when saved', async (team) => {
  const old = await ring.make({ name: 'Veteran', expires_at: inAYear() });
  const young = await ring.make({ name: 'Newcomer', expires_at: inAYear() });
  await ring.age(old.id, 40);
  const page = await team.openAsOwner('/api-keys/rules');
  await page.getByText('Every key keeps these rules.').waitFor();
  await page.getByLabel('Addresses it may be used from').check();
  await page.getByText('2 keys name no addresses').waitFor();
  await page.getByLabel('Replace keys after').fill('30');
  await page.getByText('1 key would be overdue').waitFor();
  await page.getByLabel('What happens to a key that is older').selectOption({ label: 'End it' });
  await page.getByText('1 key would end at once').waitFor();
  assert.equal(await ring.attempt(old.key), '200', 'nothing is saved yet');
  await team.ageFactor(team.owner.account, 0);
  await button(page, 'Save the rules').click();
  await page.getByRole('dialog', { name: 'End 1 key now?' }).getByText('Veteran').waitFor();
  await button(page, 'Save and end 1 key').click();
  await page.getByText('The rules for API keys were changed').waitFor();
  await page.getByText('Changed just now').waitFor();
  assert.equal(await ring.attempt(old.key), '401 expired_api_key');
  assert.equal(await ring.attempt(young.key), '200');

  // What the rules ask for, the form does.
  await link(page, 'Create a key').click();
  await page.getByText('Your rules ask for it.').waitFor();
  await page.getByText('Your rules want every key replaced after 30 days.').waitFor();
  const usual = { max_age_days: 90, on_overdue: 'warn', require_ip_ranges: false };
  const back = await team.owner.browser.call('PATCH', '/v1/api_key_policy', usual);
  assert.equal(back.status, 200, back.text);
  for (const id of [old.id, young.id]) {
    await team.owner.browser.post(`/v1/api_keys/${id}/revoke`, {});
  }
  await page.context().close();
});

scene('what could be safer is fixed from its line, until nothing is left', async (team) => {
  const page = await team.openAsOwner('/api-keys/safety');
  await page.getByText('Nothing to do').waitFor();
  const seen = await ring.make({ name: 'Seen', expires_at: inAYear() });
  const wide = await ring.make({
    name: 'Wide',
    permissions: ['payments:read', 'customers:read'],
    expires_at: inAYear(),
  });
  const idle = await ring.make({ name: 'Idle', expires_at: inAYear() });
  const endless = await ring.make({ name: 'Endless', expires_at: null });
  await team.db.query(
    `UPDATE api_keys SET exposed_at = now(), exposed_how = 'plain_http' WHERE id = $1`,
    [seen.id],
  );
  const loose = { max_age_days: null };
  const set = await team.owner.browser.call('PATCH', '/v1/api_key_policy', loose);
  assert.equal(set.status, 200, set.text);
  await ring.age(wide.id, 120);
  await ring.use(wide.id, 'payments:read', 5);
  await ring.age(idle.id, 120);
  await team.db.query(`UPDATE api_keys SET owner_id = NULL WHERE id = $1`, [endless.id]);

  await page.goto(`${team.payos.api.origin}/`);
  await page.getByText('API keys that need you').waitFor();
  await page.getByText('Seen was seen where no secret may be.').waitFor();
  await link(page, 'Look at key safety').click();
  await heading(page, 'Key safety').waitFor();
  await link(page, 'Safety (1)').waitFor();

  await button(page, 'Take away 1 permission … of Wide').click();
  await dialog(page).getByText('Loses: See customers').waitFor();
  await button(page, 'Take away 1 permission').last().click();
  await page.getByText('1 permission taken from Wide').waitFor();
  await button(page, /of Wide$/).waitFor({ state: 'detached' });

  await button(page, 'Revoke … of Idle').click();
  await dialog(page).getByText('Nobody has used it yet.').waitFor();
  await button(page, 'Revoke the key').click();
  await page.getByText('Idle is revoked').waitFor();
  assert.equal(await ring.attempt(idle.key), '401 revoked_api_key');

  await page.getByText('No owner').waitFor();
  const owners = `UPDATE api_keys SET owner_id = (SELECT owner_id FROM api_keys WHERE id = $2)
    WHERE id = $1`;
  await team.db.query(owners, [endless.id, seen.id]);
  await link(page, 'Set an end of Endless').click();
  await heading(page, 'Change Endless').waitFor();
  await page.locator('select[name="expires_at"]:focus').selectOption('90');
  await button(page, 'Save').click();
  await page.getByText('Endless was changed').waitFor();

  await page.goto(`${team.payos.api.origin}/api-keys/safety`);
  await link(page, 'Rotate of Seen').click();
  await page.getByText('Whoever saw it can use it until it ends.').waitFor();
  assert.equal(await page.getByLabel('Both work for').inputValue(), '0');
  await button(page, 'Rotate the key').click();
  await page.getByText('The old key has ended.').waitFor();
  assert.notEqual(await ring.attempt(seen.key), '200');
  await link(page, 'Go to the new key').click();
  await button(page, 'Leave').click();
  await heading(page, 'Seen').waitFor();
  await link(page, 'API keys').first().click();
  await link(page, /^Safety/).click();
  await page.getByText('Nothing to do').waitFor();
  assert.deepEqual(team.complaints.splice(0), []);
  await page.context().close();
});
