import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { BrowserSession } from '../../tools/harness/browser-session.ts';
import { type Installation, startInstallation } from '../../tools/harness/installation.ts';
import { PasskeyDevice } from '../../tools/harness/passkey-device.ts';
import { signedIn } from '../../tools/harness/people.ts';
import { openBrowser, type SignedUp, signIn, signUp } from '../../tools/harness/sign-up.ts';
import { previousCode, totpCode } from '../../tools/harness/totp.ts';
import { Passwords } from '../src/access/password.ts';
import { newToken } from '../src/access/token.ts';
import { createMetrics } from '../src/core/metrics.ts';
import { inertRoutes } from './inert-routes.ts';

/** What somebody could try who has a part of what opens an account, and not the whole. */
let payos: Installation;
let db: pg.Client;
before(async () => {
  payos = await startInstallation({
    start: ['server'],
    settings: { PAYOS_SIGN_IN_RATE: '100000', PAYOS_RATE_LIMIT_ADDRESS: '20' },
  });
  db = await payos.connect('control');
});
after(async () => {
  await db?.end();
  await payos?.stop();
});

type Holder = SignedUp & { device: PasskeyDevice };

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.body?.code], [status, code], answer.text);
}

async function addPasskey(browser: BrowserSession, device: PasskeyDevice): Promise<Answer> {
  const { body } = await browser.post('/v1/account/passkey_options');
  return browser.post('/v1/account/passkeys', { credential: device.create(body.options) });
}

/** A person with an app and a passkey. */
async function newHolder(): Promise<Holder> {
  const person = await signUp(payos);
  const device = new PasskeyDevice(payos.api.origin);
  const added = await addPasskey(person.browser, device);
  assert.equal(added.status, 200, added.text);
  return { ...person, device };
}

async function signInByPasskey({ device }: Holder, browser = openBrowser(payos)) {
  const { options } = (await browser.post('/v1/sign_in/passkey_options')).body;
  const answer = await browser.post('/v1/sign_in/passkey', { credential: device.get(options) });
  assert.equal(answer.body.state, 'active', answer.text);
  return browser;
}

const removeCard = (browser: BrowserSession) =>
  browser.call('DELETE', '/v1/payment_methods/pm_1111111111111111111111');

describe('a factor of one`s own', () => {
  it('that is enrolled proves nothing: not for the card vault, nor as a fresh factor', async () => {
    const holder = await newHolder();
    const thief = await signInByPasskey(holder);
    await thief.call('DELETE', '/v1/account/totp');
    const alone = await thief.post('/v1/account/totp');
    assertRefused(alone, 403, 'step_up_required');
    assert.deepEqual(alone.body.methods, ['password'], 'which a stolen passkey does not know');
    assertRefused(await removeCard(thief), 403, 'step_up_required');
    const { password } = holder;
    const given = await thief.post('/v1/session/step_up', { method: 'password', password });
    assert.equal(given.status, 200, given.text);
    const { secret } = (await thief.post('/v1/account/totp')).body;
    const almost = `UPDATE sessions SET factor_at = now() - interval '4 minutes 50 seconds'
      WHERE account_id = $1 AND ended_at IS NULL RETURNING factor_at`;
    const { rows } = await db.query(almost, [holder.account]);
    const added = await thief.post('/v1/account/totp/confirm', { code: totpCode(secret) });
    assert.equal(added.status, 200, added.text);
    assert.deepEqual(added.body.session.proofs, ['passkey', 'password']);
    assert.equal(added.body.session.factor_at, rows[0].factor_at.toISOString());
  });
});

async function recover({ email, password, recoveryCodes }: SignedUp, at = 0) {
  const browser = openBrowser(payos);
  await browser.post('/v1/sign_in/password', { email, password });
  const code = recoveryCodes[at];
  const answer = await browser.post('/v1/sign_in/recovery_code', { code });
  assert.equal(answer.body.state, 'active', answer.text);
  return browser;
}

const allow = (organization: string, factors: string, ranges = '{}') =>
  db.query(
    `INSERT INTO security_policies VALUES ($1, $2, 15, 12, '{}', $3)
     ON CONFLICT (organization_id) DO UPDATE SET allowed_factors = $2, ip_ranges = $3`,
    [organization, factors, ranges],
  );

async function stepUpByPasskey(browser: BrowserSession, device: PasskeyDevice) {
  const { options } = (await browser.post('/v1/session/step_up_options')).body;
  const credential = device.get(options);
  return browser.post('/v1/session/step_up', { method: 'passkey', credential });
}

const loosen = (browser: BrowserSession) =>
  browser.call('PATCH', '/v1/security_policy', { idle_minutes: 14 });

describe('a recovery code in the wrong hands', () => {
  it('is no fresh factor: it lets in, and to enrol, and to no act that asks again', async () => {
    const thief = await recover(await newHolder());
    assert.equal((await thief.get('/v1/payments')).status, 200);
    assert.equal((await thief.get('/v1/session')).body.factor_at, null);
    assertRefused(await loosen(thief), 403, 'step_up_required');
    assertRefused(await thief.post('/v1/account/recovery_codes'), 403, 'step_up_required');
    assertRefused(await thief.call('DELETE', '/v1/account/totp'), 403, 'step_up_required');
  });

  it('does not stand for a factor that the organization does not allow', async () => {
    const holder = await newHolder();
    await allow(holder.organization, '{passkey}');
    const browser = await recover(holder);
    assertRefused(await browser.get('/v1/payments'), 403, 'factor_not_allowed');
    assertRefused(await loosen(browser), 403, 'factor_not_allowed');
    const device = new PasskeyDevice(payos.api.origin);
    assert.equal((await addPasskey(browser, device)).status, 200);
    assertRefused(await browser.get('/v1/payments'), 403, 'factor_not_allowed');
    assert.equal((await stepUpByPasskey(browser, device)).status, 200);
    assert.equal((await loosen(browser)).status, 200);
  });

  it('lets enrol for a quarter of an hour', async () => {
    const holder = await newHolder();
    const browser = await recover(holder);
    await db.query(
      `UPDATE sessions SET created_at = now() - interval '15 minutes 1 second'
       WHERE account_id = $1`,
      [holder.account],
    );
    const late = await browser.post('/v1/account/passkey_options');
    assertRefused(late, 403, 'step_up_required');
  });
});

describe('a factor that the organization does not allow', () => {
  it('is refused to prove oneself again, and does not count if it was given before', async () => {
    const holder = await newHolder();
    const { browser, secret, device, organization } = holder;
    assert.equal((await stepUpByPasskey(browser, device)).status, 200);
    const code = totpCode(secret);
    const before = await browser.post('/v1/session/step_up', { method: 'totp', code });
    assert.equal(before.status, 200, before.text);
    await allow(organization, '{passkey}');
    assertRefused(await loosen(browser), 403, 'step_up_required');
    const next = { method: 'totp', code: totpCode(secret, 1) };
    assertRefused(await browser.post('/v1/session/step_up', next), 403, 'factor_not_allowed');
    assert.equal((await stepUpByPasskey(browser, device)).status, 200);
    assert.equal((await loosen(browser)).status, 200);
  });

  it('lets its holder enrol one that is allowed', async () => {
    const ada = await signUp(payos);
    await allow(ada.organization, '{passkey}');
    assertRefused(await ada.browser.get('/v1/payments'), 403, 'factor_not_allowed');
    const code = totpCode(ada.secret);
    const again = await ada.browser.post('/v1/session/step_up', { method: 'totp', code });
    assert.equal(again.status, 200, again.text);
    assert.equal((await addPasskey(ada.browser, new PasskeyDevice(payos.api.origin))).status, 200);
  });
});

describe('sessions of a member that are ended', () => {
  const elsewhere = async (account: string) => {
    const other = await payos.operator.createOrganization('Other');
    const roles = { test: 'owner', live: 'owner' };
    await signedIn(payos.api, db, { organization: other, roles, account });
    return other;
  };

  it('do not come back from another organization they were moved to', async () => {
    const ada = await signUp(payos);
    const both = { test: 'owner', live: 'owner' };
    const owner = await signedIn(payos.api, db, { organization: ada.organization, roles: both });
    for (const act of ['end_sessions', 'disable'] as const) {
      const thief = await signIn(payos, ada, { steps: act === 'disable' ? 1 : 0 });
      const other = await elsewhere(ada.account);
      const move = (organization: string) =>
        thief.post('/v1/session/organization', { organization });
      assert.equal((await move(other)).status, 200);
      const { rows } = await db.query(
        'SELECT id FROM members WHERE account_id = $1 AND organization_id = $2',
        [ada.account, ada.organization],
      );
      const ended = await owner.post(`/v1/members/${rows[0].id}/${act}`);
      assert.equal(ended.status, 200, ended.text);
      await owner.post(`/v1/members/${rows[0].id}/enable`);
      assertRefused(await move(ada.organization), 404, 'not_found');
      // However it may have come there.
      await db.query('UPDATE sessions SET organization_id = $2 WHERE account_id = $1', [
        ada.account,
        ada.organization,
      ]);
      assertRefused(await thief.get('/v1/payments'), 403, 'no_organization');
    }
  });
});

describe('a stranger who knows only the address', () => {
  const lock = async ({ email }: SignedUp) => {
    const stranger = openBrowser(payos);
    for (let count = 0; count < 10; count += 1) {
      await stranger.post('/v1/sign_in/password', { email, password: 'a wrong one' });
    }
  };
  const lockOf = async ({ account }: SignedUp) =>
    (await db.query('SELECT locked_until, failed_attempts FROM accounts WHERE id = $1', [account]))
      .rows[0];

  it('does not keep somebody out who has a passkey, and whose passkey lifts no lock', async () => {
    const holder = await newHolder();
    await lock(holder);
    const locked = await lockOf(holder);
    assert.ok(locked.locked_until > new Date());
    await signInByPasskey(holder);
    assert.deepEqual(await lockOf(holder), locked);
  });

  it('does not keep a sole owner out for ever: the operator unlocks', async () => {
    const ada = await signUp(payos);
    await lock(ada);
    const unlock = (email: string) =>
      payos.operator.call('POST', '/operator/accounts/unlock', { email });
    assert.equal((await unlock(ada.email.toUpperCase()))['was_locked'], true);
    await signIn(payos, ada);
    assert.equal((await unlock(ada.email))['was_locked'], false);
    await assert.rejects(unlock('nobody@people.example'), /not_found/);
    const { rows } = await db.query(
      `SELECT organization_id FROM audit_log WHERE action = 'account.unlock'`,
    );
    assert.equal(rows[0].organization_id, ada.organization);
  });

  it('gains nothing by wrong passkeys, which count for nothing', async () => {
    const holder = await newHolder();
    const browser = openBrowser(payos);
    const { options } = (await browser.post('/v1/sign_in/passkey_options')).body;
    const credential = holder.device.get(options, { origin: 'https://evil.example' });
    assertRefused(await browser.post('/v1/sign_in/passkey', { credential }), 401, 'sign_in_failed');
    assert.equal((await lockOf(holder)).failed_attempts, 0);
  });
});

describe('new recovery codes', () => {
  it('are hashed one at a time, beside the line of those who sign in', async () => {
    const passwords = new Passwords(createMetrics());
    const codes = Array.from({ length: 10 }, (_, at) => `code${at}`);
    let made = 0;
    const sets = Array.from({ length: 8 }, async () => {
      await passwords.hashCodes(codes);
      made += 1;
    });
    const stored = await passwords.hash('a password');
    assert.equal(await passwords.check(stored, 'a password'), true);
    // In their line it would have waited for all of them.
    assert.ok(made < 4, `${made} sets of codes came first`);
    await Promise.all(sets);
  });

  it('are made three times an hour by one person, and not more', async () => {
    const ada = await signUp(payos);
    const renew = () => ada.browser.post('/v1/account/recovery_codes');
    for (let count = 0; count < 3; count += 1) assert.equal((await renew()).status, 200);
    const fourth = await renew();
    assertRefused(fourth, 429, 'rate_limited');
    assert.ok(Number(fourth.headers['retry-after']) > 60);
    const eve = await signUp(payos);
    assert.equal((await eve.browser.post('/v1/account/recovery_codes')).status, 200);
  });
});

describe('the networks of an organization', () => {
  it('hold for the account of who works in it, and for who would switch to it', async () => {
    const ada = await signUp(payos);
    const other = await payos.operator.createOrganization('Other');
    const roles = { test: 'owner', live: 'owner' };
    const free = await signedIn(payos.api, db, {
      organization: other,
      roles,
      account: ada.account,
    });
    await allow(ada.organization, '{passkey,totp}', '{10.0.0.0/8}');
    const { browser } = ada;
    assertRefused(await browser.get('/v1/account'), 403, 'network_refused');
    assertRefused(await browser.get('/v1/account/factors'), 403, 'network_refused');
    for (const path of ['/v1/account/recovery_codes', '/v1/account/passkey_options']) {
      assertRefused(await browser.post(path), 403, 'network_refused');
    }
    assertRefused(await browser.post('/v1/members/leave', {}), 403, 'network_refused');
    assert.equal((await browser.get('/v1/session')).body.state, 'active');
    assert.equal((await free.get('/v1/account')).status, 200);
    const move = { organization: ada.organization };
    assertRefused(await free.post('/v1/session/organization', move), 403, 'network_refused');
    assert.equal((await free.get('/v1/session')).body.organization.id, other);
    const away = await browser.post('/v1/session/organization', { organization: other });
    assert.equal(away.status, 200, away.text);
    assert.equal((await browser.get('/v1/account')).status, 200);
  });
});

describe('made-up sessions', () => {
  it('are looked up so often a second and network, beside those in use', async () => {
    // From a network of their own, which is still limited when the next test begins.
    const address = '127.9.0.1';
    const ada = await signUp(payos, { browser: openBrowser(payos, { address }) });
    assert.equal((await ada.browser.get('/v1/session')).body.state, 'active');
    const flood = openBrowser(payos, { address });
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => {
        const cookie = `__Host-payos_session=${newToken().plain}`;
        return flood.call('GET', '/v1/account', undefined, { cookie });
      }),
    );
    const codes = answers.map(({ body }) => body.code);
    const limited = answers.filter(({ status }) => status === 429);
    assert.ok(limited.length > 50, `${limited.length} of 200: ${[...new Set(codes)].join()}`);
    assert.ok(codes.includes('not_signed_in'));
    assert.ok(Number(limited[0]?.headers['retry-after']) >= 1);
    assert.equal((await ada.browser.get('/v1/account')).status, 200);
  });
});

describe('codes that are guessed with the password known', () => {
  const wrong = (at: number) => String(at).padStart(6, '0');

  it('end the app after a hundred wrong ones, across locks', async () => {
    const ada = await signUp(payos);
    const { email, password } = ada;
    const set = (count: number) =>
      db.query('UPDATE totp_factors SET failed_attempts = $2 WHERE account_id = $1', [
        ada.account,
        count,
      ]);
    const begin = async () => {
      const browser = openBrowser(payos);
      await browser.post('/v1/sign_in/password', { email, password });
      return browser;
    };
    const browser = await begin();
    for (let at = 0; at < 3; at += 1) {
      await browser.post('/v1/sign_in/totp', { code: wrong(at) });
    }
    const counted = `SELECT failed_attempts FROM totp_factors WHERE account_id = $1`;
    assert.equal((await db.query(counted, [ada.account])).rows[0].failed_attempts, 3);
    await payos.operator.call('POST', '/operator/accounts/unlock', { email });
    await set(99);
    await browser.post('/v1/sign_in/totp', { code: wrong(4) });
    const right = await browser.post('/v1/sign_in/totp', { code: totpCode(ada.secret) });
    assertRefused(right, 401, 'sign_in_failed');
    assert.deepEqual((await (await begin()).get('/v1/session')).body.factors, ['recovery_code']);
    const back = await recover(ada);
    const { secret } = (await back.post('/v1/account/totp')).body;
    const renewed = await back.post('/v1/account/totp/confirm', {
      code: await previousCode(secret),
    });
    assert.equal(renewed.status, 200, renewed.text);
    const code = totpCode(secret);
    assert.equal((await back.post('/v1/session/step_up', { method: 'totp', code })).status, 200);
    assert.equal((await db.query(counted, [ada.account])).rows[0].failed_attempts, 0);
  });

  it('is forgotten by a right one', async () => {
    const ada = await signUp(payos);
    await db.query('UPDATE totp_factors SET failed_attempts = 99 WHERE account_id = $1', [
      ada.account,
    ]);
    await signIn(payos, ada);
    await signIn(payos, ada, { steps: 1 });
  });
});

describe('who asks for new factors again and again', () => {
  it('is slowed down, and fills no audit log where nobody can decide', async () => {
    const ada = await signUp(payos);
    const browser = openBrowser(payos);
    const { email, password } = ada;
    await browser.post('/v1/sign_in/password', { email, password });
    for (let count = 0; count < 5; count += 1) {
      const asked = await browser.post('/v1/sign_in/factor_reset', { reason: 'Lost all of them.' });
      assert.equal(asked.body.code, 'nobody_can_decide', asked.text);
    }
    const { rows } = await db.query(
      `SELECT 1 FROM audit_log WHERE action = 'factor_reset.request' AND organization_id = $1`,
      [ada.organization],
    );
    assert.equal(rows.length, 1);
    const route = inertRoutes().find(({ path }) => path === '/v1/sign_in/factor_reset');
    assert.equal(route?.throttled, true);
  });
});

describe('another organization of a shared person', () => {
  it('does not read the new address in its audit log before it is theirs', async () => {
    const ada = await signUp(payos);
    const email = 'private@home.example';
    const asked = await ada.browser.post('/v1/account/email', { email, password: ada.password });
    assert.equal(asked.status, 202, asked.text);
    const { rows } = await db.query(
      `SELECT details FROM audit_log WHERE action = 'email.change_request' AND object_id = $1`,
      [ada.account],
    );
    assert.equal(rows.length, 1);
    assert.ok(!JSON.stringify(rows).includes(email));
  });
});

describe('a leap second', () => {
  it('is a time like any other, in every list', async () => {
    const { browser } = await signUp(payos);
    for (const list of ['audit_log', 'payments', 'events']) {
      for (const side of ['created_after', 'created_before']) {
        const answer = await browser.get(`/v1/${list}?${side}=2026-12-31T23:59:60Z`);
        assert.equal(answer.status, 200, `${list} ${side}: ${answer.text}`);
      }
    }
  });
});
