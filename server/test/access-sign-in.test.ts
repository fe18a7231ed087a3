import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { BrowserSession } from '../../tools/harness/browser-session.ts';
import { type Installation, startInstallation } from '../../tools/harness/installation.ts';
import {
  goodPassword,
  openBrowser,
  type SignedUp,
  signIn,
  signUp,
} from '../../tools/harness/sign-up.ts';
import { previousCode, totpCode } from '../../tools/harness/totp.ts';
import { inertRoutes } from './inert-routes.ts';
import { eventually } from './shop.ts';

let payos: Installation;
let db: pg.Client;
let ada: SignedUp;
before(async () => {
  payos = await startInstallation({ start: ['server'] });
  db = await payos.connect('control');
  ada = await signUp(payos);
});
after(async () => {
  await db?.end();
  await payos?.stop();
});

/** Codes work once: forgets which was the last, so that the present one does. */
const forgetCodes = () => db.query('UPDATE totp_factors SET last_step = 0');

async function begin(browser: BrowserSession = openBrowser(payos)): Promise<BrowserSession> {
  const { email, password } = ada;
  const answer = await browser.post('/v1/sign_in/password', { email, password });
  assert.equal(answer.body.state, 'second_factor', answer.text);
  return browser;
}

async function enter(): Promise<BrowserSession> {
  await forgetCodes();
  return signIn(payos, ada);
}

const stateOf = async (browser: BrowserSession) => (await browser.get('/v1/session')).body.state;

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.body?.code], [status, code], answer.text);
}

describe('signing in', () => {
  it('takes a password and then a factor, and nothing is reached between', async () => {
    await forgetCodes();
    const browser = openBrowser(payos);
    assert.equal(await stateOf(browser), 'none');
    const { email, password, secret } = ada;
    const first = await browser.post('/v1/sign_in/password', { email, password });
    assert.deepEqual(
      [first.body.state, first.body.factors, first.body.proofs],
      ['second_factor', ['totp', 'recovery_code'], ['password']],
    );
    assert.deepEqual([first.body.organizations, first.body.permissions.live], [[], []]);
    for (const path of ['/v1/account', '/v1/account/factors', '/v1/payments', '/v1/members']) {
      assertRefused(await browser.get(path), 401, 'sign_in_unfinished');
    }
    const second = await browser.post('/v1/sign_in/totp', { code: totpCode(secret) });
    assert.equal(second.body.state, 'active', second.text);
    assert.deepEqual(second.body.proofs, ['password', 'totp']);
    assert.equal(second.body.organization.id, ada.organization);
    assert.equal((await browser.get('/v1/account')).body.email, email);
    assert.equal((await browser.get('/v1/payments')).status, 200);
  });

  it('sets a cookie that no page reads, no other site sends and no subdomain sets', async () => {
    const browser = openBrowser(payos);
    const { email, password } = ada;
    const answer = await browser.post('/v1/sign_in/password', { email, password });
    const line = String(answer.headers['set-cookie']);
    const form = /^__Host-payos_session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/;
    assert.match(line, form);
  });

  it('keeps no token as it is: not in the database, not in the log', async () => {
    await forgetCodes();
    const browser = await begin();
    const tokens = [browser.cookie];
    await browser.post('/v1/sign_in/totp', { code: totpCode(ada.secret) });
    tokens.push(browser.cookie);
    const secrets = tokens.map((cookie) => cookie?.split('=')[1] ?? '');
    const tables = ['sessions', 'audit_log', 'events', 'accounts', 'one_time_links'];
    for (const table of tables) {
      const { rows } = await db.query(`SELECT t::text AS line FROM ${table} t`);
      for (const secret of secrets) {
        assert.ok(secret.length === 43 && rows.every(({ line }) => !line.includes(secret)), table);
      }
    }
    const log = payos.processes.server.log();
    for (const secret of [...secrets, ada.password, ada.secret, browser.csrf ?? '']) {
      assert.ok(!log.includes(secret));
    }
  });

  it('out ends the session at once, and takes the cookie away', async () => {
    const browser = await enter();
    const before = browser.copy();
    const out = await browser.call('DELETE', '/v1/session');
    assert.equal(out.body.state, 'none');
    assert.match(String(out.headers['set-cookie']), /^__Host-payos_session=; .*Max-Age=0$/);
    assertRefused(await before.get('/v1/account'), 401, 'session_expired');
    assert.equal(await stateOf(before), 'none');
  });

  it('ends nothing else: the other browser goes on', async () => {
    const first = await enter();
    await enter();
    assert.equal((await first.get('/v1/account')).status, 200);
  });
});

/** Lets requests come to where tries are counted, and go on from there together. */
async function atOnce(requests: readonly (() => Promise<Answer>)[]): Promise<Answer[]> {
  const holder = await payos.connect('control');
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE', [ada.account]);
    const underWay = Promise.all(requests.map((send) => send()));
    const waiting = async () => {
      const { rows } = await db.query(
        `SELECT 1 FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length === requests.length ? true : undefined;
    };
    await eventually(waiting, 'all requests waiting');
    await holder.query('COMMIT');
    return await underWay;
  } finally {
    await holder.end();
  }
}

describe('session fixation', () => {
  it('a cookie that was planted is never the one that is signed in to', async () => {
    await forgetCodes();
    const attacker = await begin();
    const victim = openBrowser(payos);
    victim.cookie = attacker.cookie;
    await begin(victim);
    assert.notEqual(victim.cookie, attacker.cookie);
    const planted = victim.cookie;
    await victim.post('/v1/sign_in/totp', { code: totpCode(ada.secret) });
    assert.equal(await stateOf(victim), 'active');
    assert.notEqual(victim.cookie, planted);
    assert.equal(await stateOf(attacker), 'second_factor');
  });

  it('a cookie of our form that we never gave is nobody`s', async () => {
    const browser = openBrowser(payos);
    browser.cookie = `__Host-payos_session=${'A'.repeat(43)}`;
    assertRefused(await browser.get('/v1/account'), 401, 'not_signed_in');
    await begin(browser);
    assert.doesNotMatch(browser.cookie, /A{43}/);
  });

  it('every step gives a new token, and the one before is dead', async () => {
    await forgetCodes();
    const browser = await begin();
    const steps = [browser.copy()];
    await browser.post('/v1/sign_in/totp', { code: await previousCode(ada.secret) });
    steps.push(browser.copy());
    await browser.post('/v1/session/step_up', { method: 'totp', code: totpCode(ada.secret) });
    steps.push(browser.copy());
    await browser.post('/v1/session/organization', { organization: ada.organization });
    for (const earlier of steps) {
      assertRefused(await earlier.get('/v1/account'), 401, 'not_signed_in');
    }
    assert.equal((await browser.get('/v1/account')).status, 200);
  });

  it('of two steps that come with the same token at once, one goes on', async () => {
    await forgetCodes();
    const browser = await begin();
    const other = browser.copy();
    const [code] = ada.recoveryCodes;
    const answers = await atOnce([
      () => browser.post('/v1/sign_in/totp', { code: totpCode(ada.secret) }),
      () => other.post('/v1/sign_in/recovery_code', { code }),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401]);
  });

  it('a step that is not due is not taken', async () => {
    const browser = await enter();
    const code = totpCode(ada.secret, 1);
    assertRefused(await browser.post('/v1/sign_in/totp', { code }), 409, 'step_not_due');
    const recovery = { code: ada.recoveryCodes[5] };
    const refused = await browser.post('/v1/sign_in/recovery_code', recovery);
    assertRefused(refused, 409, 'step_not_due');
  });

  it('a cookie that is sent twice counts as none', async () => {
    const browser = await enter();
    const twice = `${browser.cookie}; ${browser.cookie}`;
    const answer = await browser.call('GET', '/v1/account', undefined, { cookie: twice });
    assertRefused(answer, 401, 'not_signed_in');
  });
});

describe('a forged request from another site', () => {
  const change = { name: 'Eve' };
  const forge = (browser: BrowserSession, headers: Record<string, string>) =>
    browser.call('PATCH', '/v1/account', change, headers);

  it('is refused without the token, with a made-up one, and another session`s', async () => {
    const browser = await enter();
    const other = await enter();
    for (const token of ['', 'x', other.csrf ?? '', `${browser.csrf}x`]) {
      assertRefused(await forge(browser, { 'payos-csrf': token }), 403, 'csrf_mismatch');
    }
    assert.equal((await forge(browser, {})).status, 200);
  });

  it('is refused from another origin, and when none is named', async () => {
    const browser = await enter();
    const port = new URL(browser.origin).port;
    const origins = ['', 'null', 'https://evil.example', browser.origin.replace('https', 'http')];
    origins.push(`${browser.origin}.evil.example`, `https://localhost:${Number(port) + 1}`);
    for (const origin of origins) {
      assertRefused(await forge(browser, { origin }), 403, 'wrong_origin');
    }
  });

  it('cannot sign somebody in to an account of the attacker', async () => {
    const { email, password } = ada;
    const origin = 'https://evil.example';
    const answer = await openBrowser(payos).post(
      '/v1/sign_in/password',
      { email, password },
      { origin },
    );
    assertRefused(answer, 403, 'wrong_origin');
    assert.equal(answer.headers['set-cookie'], undefined);
  });

  it('cannot be a plain form: a body that is not JSON is refused', async () => {
    const browser = await enter();
    const type = { 'content-type': 'text/plain' };
    assertRefused(
      await browser.call('PATCH', '/v1/account', change, type),
      415,
      'unsupported_media_type',
    );
  });
});

describe('a session', () => {
  const shift = (what: string, by: string, browser: BrowserSession) =>
    browser.get('/v1/account/sessions').then(({ body }) => {
      const { id } = body.data.find((one: { current: boolean }) => one.current);
      return db.query(`UPDATE sessions SET ${what} = ${what} - $2::interval WHERE id = $1`, [
        id,
        by,
      ]);
    });

  it('ends after a quarter of an hour without use', async () => {
    const browser = await enter();
    await shift('last_used_at', '14 minutes 55 seconds', browser);
    assert.equal((await browser.get('/v1/account')).status, 200);
    await shift('last_used_at', '15 minutes', browser);
    assertRefused(await browser.get('/v1/account'), 401, 'session_expired');
    assertRefused(
      await browser.call('PATCH', '/v1/account', { name: 'x' }),
      401,
      'session_expired',
    );
    assert.equal(await stateOf(browser), 'none');
  });

  it('ends after twelve hours, however much it is used', async () => {
    const browser = await enter();
    await shift('created_at', '11 hours 59 minutes', browser);
    assert.equal((await browser.get('/v1/account')).status, 200);
    await shift('created_at', '1 minute', browser);
    assertRefused(await browser.get('/v1/account'), 401, 'session_expired');
  });

  it('is not kept alive by what a page asks for by itself', async () => {
    const browser = await enter();
    await shift('last_used_at', '10 minutes', browser);
    const idle = async (headers: Record<string, string>) => {
      const { body } = await browser.call('GET', '/v1/session', undefined, headers);
      return Date.parse(body.idle_expires_at) - Date.now();
    };
    assert.ok((await idle({ 'payos-background': '1' })) < 6 * 60_000);
    assert.ok((await idle({ 'payos-background': '1' })) < 6 * 60_000);
    await idle({});
    assert.ok((await idle({ 'payos-background': '1' })) > 14 * 60_000);
  });

  it('that was only begun ends after ten minutes', async () => {
    const browser = await begin();
    await db.query(
      `UPDATE sessions SET created_at = created_at - interval '10 minutes'
       WHERE state = 'second_factor'`,
    );
    const answer = await browser.post('/v1/sign_in/totp', { code: totpCode(ada.secret) });
    assertRefused(answer, 401, 'session_expired');
  });
});

describe('open redirect', () => {
  it('there is none: no route of people takes or answers an address to go on to', async () => {
    const routes = inertRoutes().filter(
      ({ path }) => /session|sign_in|account|reset/.test(path) && !/checkout/.test(path),
    );
    assert.ok(routes.length > 20);
    for (const { body, query, path } of routes) {
      const names = [body, query].flatMap((schema) => Object.keys(schema?.properties ?? {}));
      const suspicious = names.filter((name) => /ur[il]|redirect|next|return|target/i.test(name));
      assert.deepEqual(suspicious, [], path);
    }
    const browser = openBrowser(payos);
    const { email } = ada;
    const next = '?next=https://evil.example&return_to=//evil.example';
    const answer = await browser.post(`/v1/sign_in/password${next}`, {
      email,
      password: goodPassword,
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['location'], undefined);
  });
});

describe('an API key', () => {
  it('opens nothing that is for people', async () => {
    const { key } = await payos.operator.mint(ada.organization, { mode: 'live' });
    for (const path of ['/v1/account', '/v1/account/sessions', '/v1/account/factors']) {
      assertRefused(await payos.api.get(path, key), 403, 'people_only');
    }
  });
});
