import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { totpCode } from '../../tools/harness/totp.ts';
import { button, dialog, heading, link, openKeyRing, readSecret } from './key-ring.ts';
import { openTeam, overflow, type Team, violations } from './team.ts';

let team: Team | undefined;
let ring: ReturnType<typeof openKeyRing>;
before(async () => {
  team = await openTeam(['server']);
  if (team !== undefined) ring = openKeyRing(team);
});
after(() => team?.stop());

/** A test in the browser; skipped where there is none. */
function scene(name: string, run: (team: Team) => Promise<void>): void {
  it(name, async (t) => (team === undefined ? t.skip('there is no browser') : run(team)));
}

const heard = /^1 of 1 process heard of it in \d+ ms\.$/;

describe('a new key', () => {
  scene('is made from what it is for, and its secret is shown once', async (team) => {
    const page = await team.openAsOwner('/api-keys');
    await page.context().grantPermissions(['clipboard-write']);
    await page.getByText('No API keys in test mode yet').waitFor();
    await link(page, 'Create the first key').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('create an');
    await page.getByRole('option', { name: 'Create an API key' }).waitFor();
    await page.keyboard.press('Enter');
    await heading(page, 'Create an API key').waitFor();
    await page.getByLabel('Name').fill('Nightly export');
    await page.getByLabel('Service').fill('warehouse');
    await page.getByLabel('Reconciliation').check();
    await page.getByText('4 permissions chosen').waitFor();
    await page.getByText('One by one').click();
    assert.ok(await page.getByLabel(/^See refunds/).isChecked());
    assert.ok(!(await page.getByLabel(/^Send money back/).isChecked()));
    await page.getByLabel('It ends').selectOption('30');
    await page.getByLabel(/^Addresses/).fill('127.0.0.1\nhere');
    await button(page, 'Add a currency').click();
    await page.getByLabel('Currency').fill('jpy');
    await page.getByLabel('Per payment').fill('12.5');
    await page.getByText('That is not an amount of JPY.').waitFor();
    assert.ok(await button(page, 'Create the key').isDisabled());
    await page.getByLabel('Per payment').fill('12,500');

    // The API says what is wrong; it stands at the field.
    await team.ageFactor(team.owner.account, 0);
    await button(page, 'Create the key').click();
    await page.getByText('Line 2, “here”: This is not a range of addresses.').waitFor();
    await page.getByLabel(/^Addresses/).fill('127.0.0.1');
    await button(page, 'Create the key').click();
    await heading(page, 'Nightly export is ready').waitFor();
    await page.locator('h1:focus').waitFor();
    const secret = await readSecret(page);
    assert.match(secret, /^payos_sk_test_/);
    await page.setViewportSize({ width: 390, height: 800 });
    // The key and the line with it are seen whole; a command may scroll.
    const hidden = `[...document.querySelectorAll('.code-scroll')].slice(0, 2)
      .map((one) => one.scrollWidth - one.clientWidth)`;
    assert.deepEqual(await page.evaluate(hidden), [0, 0]);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByText(`PAYOS_SECRET_KEY=${secret}`, { exact: true }).waitFor();
    await page.getByText('-H "Authorization: Bearer $PAYOS_SECRET_KEY"').waitFor();
    assert.equal(await ring.attempt(secret), '200');
    assert.equal(await ring.attempt(secret, '/v1/customers'), '403 permission_denied');

    await link(page, 'Go to the key').click();
    await dialog(page).getByText('You have not copied it').waitFor();
    await button(page, 'Stay here').click();
    await page.goBack();
    await dialog(page).getByText('You have not copied it').waitFor();
    await button(page, 'Stay here').click();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('payments');
    await page.keyboard.press('Enter');
    await dialog(page).getByText('You have not copied it').waitFor();
    await button(page, 'Stay here').click();
    await button(page, 'Copy: The key').click();
    await link(page, 'Go to the key').click();
    await heading(page, 'Nightly export').waitFor();
    await page.getByText('Reconciliation · 4 permissions').waitFor();
    await page.getByText('JP¥12,500 per payment').waitFor();
    assert.ok(!(await page.content()).includes(secret), 'nowhere else');
    await link(page, 'API keys').first().click();
    const row = page.getByRole('row', { name: /Nightly export/ });
    await row.getByText('Reconciliation').waitFor();
    await row.getByText('Active').waitFor();
    await page.getByLabel('Status').selectOption('revoked');
    await page.getByText('No key matches these filters').waitFor();
    assert.match(page.url(), /status=revoked$/);
    await page.context().close();
  });

  scene('may do no more than whoever makes it, who is asked for a factor', async (team) => {
    const roles = { test: 'developer', live: null };
    const person = await team.join('dora@example.com', 'Dora', roles);
    const page = await team.open('/api-keys/new', { cookie: person.browser.cookie });
    await heading(page, 'Create an API key').waitFor();
    await page.getByText('you do not have it yourself: send money back to customers').waitFor();
    await page.getByText('One by one').click();
    assert.ok(await page.getByLabel(/^Send money back/).isDisabled());
    await page.getByText('refunds:write · you do not have it').waitFor();
    assert.equal(await link(page, 'Rules').count(), 0);
    await page.getByLabel('Name').fill('Of Dora');
    await page.getByLabel('Read only').check();
    await team.ageFactor(person.account, 6);
    await button(page, 'Create the key').click();
    const asking = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await asking.getByLabel(/^Code from/).fill(totpCode(person.secret, 1));
    await asking.getByRole('button', { name: 'Confirm' }).click();
    await heading(page, 'Of Dora is ready').waitFor();
    assert.equal(await ring.attempt(await readSecret(page), '/v1/customers'), '200');
    await page.context().close();
  });

  scene('for pages in the browser is bound to origins', async (team) => {
    const page = await team.openAsOwner('/api-keys/new');
    await team.ageFactor(team.owner.account, 0);
    await page.getByLabel('Publishable key').check();
    assert.equal(await page.getByRole('heading', { name: 'What it may do' }).count(), 0);
    await page.getByLabel('Name').fill('Checkout page');
    await page.getByLabel(/^Pages that may use it/).fill('https://shop.example\nshop.example/pay');
    await button(page, 'Create the key').click();
    await page.getByText('Line 2, “shop.example/pay”: This is not an origin.').waitFor();
    await page.getByLabel(/^Pages that may use it/).fill('https://shop.example');
    await button(page, 'Create the key').click();
    await page.getByText(/^PAYOS_PUBLISHABLE_KEY=payos_pk_test_/).waitFor();
    await link(page, 'Go to the key').click();
    await button(page, 'Leave').click();
    await heading(page, 'Checkout page').waitFor();
    await page.getByText('https://shop.example').waitFor();
    await page.getByText('Turn card details into tokens, and nothing else.').waitFor();
    await page.context().close();
  });
});

const publicKey = () =>
  String(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));

scene('a signing key is registered and rotated, and nothing of it is secret', async (team) => {
  const page = await team.openAsOwner('/api-keys/new');
  await team.ageFactor(team.owner.account, 0);
  await page.getByLabel('Signing key').check();
  await page.getByLabel('Name').fill('Signer');
  await page.getByLabel('Public key').fill('not one');
  await button(page, 'Create the key').click();
  await page.locator('textarea[name="public_key"][aria-invalid="true"]').waitFor();
  await page.getByLabel('Public key').fill(publicKey());
  await button(page, 'Create the key').click();
  await page.getByText('The public key is registered').waitFor();
  assert.equal(await page.getByText('It is shown only now').count(), 0);
  await link(page, 'Go to the key').click();
  await heading(page, 'Signer').waitFor();
  await link(page, 'Rotate').click();
  await page.getByLabel('New public key').fill(publicKey());
  await button(page, 'Rotate the key').click();
  await page.getByText('The public key is registered').waitFor();
  await link(page, 'Go to the new key').click();
  await page.getByText('Being replaced').first().waitFor();
  await page.context().close();
});

describe('a rotation', () => {
  scene('shows both keys and who still uses the old one, until it is finished', async (team) => {
    const old = await ring.make({ name: 'Checkout' });
    const page = await team.openAsOwner(`/api-keys/${old.id}`);
    await page.context().grantPermissions(['clipboard-write']);
    await link(page, 'Rotate').click();
    await heading(page, 'Rotate Checkout').waitFor();
    await page.getByLabel('Both work for').selectOption({ label: '3 days' });
    await button(page, 'Rotate the key').click();
    await heading(page, 'The new key is ready').waitFor();
    const secret = await readSecret(page);
    // A page may write to the clipboard only while it is the one in front.
    await page.bringToFront();
    await button(page, 'Copy: The key').click();
    await page.getByText('Copied', { exact: true }).first().waitFor({ state: 'attached' });
    assert.equal(await ring.attempt(secret), '200');

    // Nothing would be lost any more: one step back leaves the page.
    await page.goBack();
    await heading(page, 'Checkout').waitFor();
    assert.ok(page.url().endsWith(`/api-keys/${old.id}`));
    await page.getByRole('term').getByText('Both work until').waitFor();
    await page.getByRole('term').getByText('Replaced by').waitFor();
    await link(page, /^key_/).click();
    await page.getByText('Give your programs the new key').waitFor();
    await team.db.query(
      `UPDATE api_keys SET created_at = now() - interval '1 hour' WHERE predecessor_id = $1`,
      [old.id],
    );
    await page.reload();
    await page.getByText('Safe to finish').waitFor();
    // Counted by the server, and written within seconds: the page asks again by itself.
    assert.equal(await ring.attempt(old.key), '200', 'both work');
    await page.getByText('The old key is still used').waitFor();
    await page.getByText(/ from 127\.0\.0\.1, /).waitFor();
    await link(page, 'Open').click();
    await page.getByText('Being replaced').first().waitFor();
    await button(page, 'Finish now').click();
    await dialog(page).getByText('It was last used').waitFor();
    await button(page, 'End the old key').click();
    await page.getByText('The old Checkout has ended').waitFor();
    await page.getByText(heard).waitFor();
    await page.getByText('Expired').waitFor();
    assert.equal(await ring.attempt(old.key), '401 expired_api_key');
    assert.equal(await ring.attempt(secret), '200');
    await page.context().close();
  });
});

describe('a key in use', () => {
  scene('is disabled, enabled and revoked, and every process hears of it', async (team) => {
    const key = await ring.make({ name: 'Till' });
    assert.equal(await ring.attempt(key.key), '200');
    await ring.use(key.id, 'payments:read', 3);
    const page = await team.openAsOwner(`/api-keys/${key.id}`);
    await page.getByRole('table', { name: 'Uses of the key' }).getByText('203.0.113.7').waitFor();
    await button(page, 'Stop').click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await dialog(page).getByLabel('Reason').fill('Moving house');
    await button(page, 'Disable the key').click();
    await page.getByText('Till is disabled').waitFor();
    await page.getByText(heard).first().waitFor();
    await page.getByText('Moving house').waitFor();
    await page.getByText(/^Last change .*: 1 of 1 process heard of it in \d+ ms\.$/).waitFor();
    assert.equal(await ring.attempt(key.key), '401 disabled_api_key');
    assert.equal(await link(page, 'Rotate').count(), 0);
    await page.goto(`${page.url()}/rotate`);
    await page.getByText('It is disabled: enable it first, or make a new key.').waitFor();
    await page.goBack();
    await button(page, 'Enable').click();
    await button(page, 'Enable the key').click();
    await page.getByText('Till is enabled').waitFor();
    assert.equal(await ring.attempt(key.key), '200');

    await button(page, 'Stop').click();
    await page.getByRole('menuitem', { name: 'Revoke' }).click();
    const revoke = button(page, 'Revoke the key');
    assert.ok(await revoke.isDisabled(), 'what is in use is asked for by name');
    await dialog(page).getByLabel('Reason').selectOption({ label: 'Another reason' });
    await dialog(page).getByLabel('In your words').fill('The till was sold');
    await dialog(page).getByLabel(/^Type/).fill('Till');
    await revoke.click();
    await page.getByText('Till is revoked').waitFor();
    await page.getByText('The till was sold').waitFor();
    for (const act of ['Stop', 'Enable']) assert.equal(await button(page, act).count(), 0, act);
    for (const act of ['Edit', 'Rotate']) assert.equal(await link(page, act).count(), 0, act);
    assert.equal(await ring.attempt(key.key), '401 revoked_api_key');
    await page.context().close();
  });

  scene('that was exposed and replaced itself is revoked with what came of it', async (team) => {
    const old = await ring.make({ name: 'Self', permissions: ['payments:read', 'keys:roll_self'] });
    const rolled = await team.payos.api.post('/v1/api_keys/roll', old.key, {});
    assert.equal(rolled.status, 201, rolled.text);
    const { key } = rolled.body.successor;
    await team.db.query(
      `UPDATE api_keys SET exposed_at = now(), exposed_how = 'leak_report',
         exposed_where = 'https://git.example/config' WHERE id = $1`,
      [old.id],
    );
    const page = await team.openAsOwner(`/api-keys/${old.id}`);
    await page.getByText('Found at: https://git.example/config').waitFor();
    await button(page, 'Stop').click();
    await page.getByRole('menuitem', { name: 'Revoke' }).click();
    assert.equal(await dialog(page).getByLabel('Reason').inputValue(), 'It has leaked');
    await dialog(page).getByText('whoever found it may have the new one').waitFor();
    assert.ok(await dialog(page).getByLabel('Revoke the keys that replaced it').isChecked());
    const typed = dialog(page).getByLabel(/^Type/);
    if ((await typed.count()) > 0) await typed.fill('Self');
    await button(page, 'Revoke the key').click();
    await page.getByText('Self is revoked').waitFor();
    await page.getByText('This key was exposed').waitFor();
    assert.equal(await ring.attempt(key), '401 revoked_api_key');
    await page.context().close();
  });

  scene('says which process is silent, and what that means', async (team) => {
    const key = await ring.make({ name: 'Faraway' });
    await team.db.query(`INSERT INTO key_nodes (id, kind) VALUES ('server-asleep', 'server')`);
    await team.owner.browser.post(`/v1/api_keys/${key.id}/disable`, {});
    const page = await team.openAsOwner(`/api-keys/${key.id}`);
    await page.getByText('1 of 2 processes heard of it').waitFor();
    await page.getByText('server-asleep').waitFor();
    await page.getByText('trusts nothing it remembers for longer than a second').waitFor();
    await team.db.query(`DELETE FROM key_nodes WHERE id = 'server-asleep'`);
    await page.getByText('1 of 1 process heard of it').waitFor();
    await page.context().close();
  });

  scene('loses what it does not use by one button, and is given more by hand', async (team) => {
    const permissions = ['payments:read', 'refunds:read', 'customers:read'];
    const key = await ring.make({ name: 'Dusty', permissions });
    await ring.age(key.id, 120);
    await ring.use(key.id, 'payments:read', 5);
    const page = await team.openAsOwner(`/api-keys/${key.id}`);
    await page.getByText('This key is overdue for replacement').waitFor();
    await button(page, 'Take away 2 unused').click();
    await dialog(page).getByText('Loses: See refunds').waitFor();
    await team.ageFactor(team.owner.account, 0);
    await button(page, 'Take away 2 permissions').click();
    await page.getByText('2 permissions taken from Dusty').waitFor();
    await page.getByText(heard).waitFor();
    assert.equal(await ring.attempt(key.key), '200');
    assert.equal(await ring.attempt(key.key, '/v1/customers'), '403 permission_denied');

    await link(page, 'Edit').click();
    await heading(page, 'Change Dusty').waitFor();
    assert.ok(await button(page, 'Save').isDisabled(), 'nothing has changed');
    await page.getByLabel('Name').fill('Dusted');
    await page.getByLabel(/^See customers/).check();
    await page.getByLabel('Requests per second').fill('5');
    await button(page, 'Save').click();
    await page.getByText('Dusted was changed').waitFor();
    await heading(page, 'Dusted').waitFor();
    await page.getByText('5 per second').waitFor();
    assert.equal(await ring.attempt(key.key, '/v1/customers'), '200');
    await page.context().close();
  });
});

describe('somebody who may only', () => {
  scene('look and stop sees no other buttons', async (team) => {
    const key = await ring.make({ name: 'Watched' });
    const roles = { test: 'security_officer', live: null };
    const person = await team.join('sam@example.com', 'Sam', roles);
    const page = await team.open('/api-keys', { cookie: person.browser.cookie });
    await page.getByRole('row', { name: /Watched/ }).waitFor();
    assert.equal(await link(page, 'Create a key').count(), 0);
    await link(page, /^Watched/).click();
    await heading(page, 'Watched').waitFor();
    await button(page, 'Stop').waitFor();
    for (const act of ['Edit', 'Rotate']) assert.equal(await link(page, act).count(), 0, act);
    await page.goto(`${team.payos.api.origin}/api-keys/${key.id}/edit`);
    await page.getByText('does not show this page').waitFor();
    await page.context().close();
  });

  scene('see payments has no entry, and no page', async (team) => {
    const roles = { test: 'analyst', live: null };
    const person = await team.join('ann@example.com', 'Ann', roles);
    const page = await team.open('/api-keys', { cookie: person.browser.cookie });
    await page.getByText('keys:read').waitFor();
    assert.equal(await link(page, 'API keys').count(), 0);
    await page.context().close();
  });
});

describe('looks', () => {
  for (const { theme, width, looked } of [
    { theme: 'light', width: 1440, looked: 'all' },
    { theme: 'dark', width: 320, looked: 'layout' },
  ] as const) {
    scene(`of every page about keys, ${theme}, ${width} px`, async (team) => {
      const key = await ring.make({
        name: `${'A rather long name '.repeat(4)}${'unbroken'.repeat(9)}`,
        service: 'warehouse',
        ip_ranges: ['2001:db8:1234:5678:9abc:def0:1234:5678/128', '127.0.0.1/32'],
        amount_limits: [{ currency: 'EUR', per_payment: 999_999_999_999, per_day: null }],
        expires_at: new Date(Date.now() + 5 * 86_400_000).toISOString(),
      });
      await ring.use(key.id, 'payments:read', 3);
      const rotated = await team.owner.browser.post(`/v1/api_keys/${key.id}/rotate`, {});
      const { id } = rotated.body.successor;
      const paths = ['', '/new', '/safety', '/rules', `/${key.id}`, `/${id}/edit`, `/${id}/rotate`];
      const page = await team.openAsOwner('/', { theme, width });
      for (const path of paths) {
        await page.goto(`${team.payos.api.origin}/api-keys${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.locator('.skeleton').first().waitFor({ state: 'detached' });
        if (path === '/new') await page.getByText('One by one').click();
        assert.deepEqual(await overflow(page), [], `${path} is wider than the screen`);
        assert.deepEqual(await violations(page, looked), [], path);
      }
      assert.deepEqual(team.complaints.splice(0), []);
      await page.context().close();
    });
  }
});
