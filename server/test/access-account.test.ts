import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import type { Answer } from '../../tools/harness/api-client.ts';
import {
  enterInstallation,
  type SharedInstallation,
} from '../../tools/harness/shared-installation.ts';
import { openBrowser, type SignedUp, signIn, signUp } from '../../tools/harness/sign-up.ts';
import { totpCode } from '../../tools/harness/totp.ts';
import { eventually } from './shop.ts';

let payos: SharedInstallation;
let db: pg.Client;
before(async () => {
  payos = await enterInstallation();
  db = await payos.connect('control');
});
after(async () => {
  await db?.end();
  await payos?.stop();
});

const next = 'eleven quiet lanterns drift';
const others = [
  'nine brass kettles whistle',
  'forty green umbrellas hop',
  'two late trams hum along',
];

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.body?.code], [status, code], answer.text);
}

const tryPassword = (email: string, password: string) =>
  openBrowser(payos).post('/v1/sign_in/password', { email, password });

const change = ({ browser }: SignedUp, current: string, password: string) =>
  browser.post('/v1/account/password', { current_password: current, password });

/** Signed up, with the mails of that read already. */
async function newPerson(): Promise<SignedUp> {
  const person = await signUp(payos);
  await payos.mail.next(person.email);
  return person;
}

describe('a new password', () => {
  it('needs the present one, ends other sessions, and its person is told', async () => {
    const ada = await newPerson();
    const other = await signIn(payos, ada);
    assertRefused(await change(ada, 'not the present one', next), 401, 'sign_in_failed');
    const cookie = ada.browser.cookie;
    const changed = await change(ada, ada.password, next);
    assert.equal(changed.body.state, 'active', changed.text);
    assert.notEqual(ada.browser.cookie, cookie);
    assertRefused(await other.get('/v1/account'), 401, 'session_expired');
    assert.equal((await ada.browser.get('/v1/account')).status, 200);
    assert.match((await payos.mail.next(ada.email)).subject, /password was changed/);
    assertRefused(await tryPassword(ada.email, ada.password), 401, 'sign_in_failed');
    assert.equal((await tryPassword(ada.email, next)).status, 200);
  });

  it('is none of the last four, and is not easy to guess', async () => {
    const ada = await newPerson();
    const [a = '', b = '', c = ''] = others;
    assertRefused(await change(ada, ada.password, ada.password), 422, 'password_refused');
    await change(ada, ada.password, a);
    await change(ada, a, b);
    await change(ada, b, c);
    for (const used of [ada.password, a, b, c]) {
      const refused = await change(ada, c, used);
      assertRefused(refused, 422, 'password_refused');
      assert.match(refused.body.detail, /one of your last 4/);
    }
    await change(ada, c, next);
    assert.equal((await change(ada, next, ada.password)).status, 200, 'the fifth last is free');
    for (const bad of ['short', 'passwordpassword', `${ada.email}1`]) {
      const refused = await change(ada, ada.password, bad);
      assertRefused(refused, 422, 'password_refused');
      assert.ok(refused.body.detail.length > 30);
    }
  });

  it('asks for a factor first when the last was long ago', async () => {
    const ada = await newPerson();
    await db.query(
      `UPDATE sessions SET factor_at = now() - interval '6 minutes' WHERE account_id = $1`,
      [ada.account],
    );
    assertRefused(await change(ada, ada.password, next), 403, 'step_up_required');
  });
});

const askForReset = (email: string) => openBrowser(payos).post('/v1/password_resets', { email });

/** The same in a request that names another host, in every way there is. */
async function askAsHost(host: string, email: string): Promise<number | undefined> {
  const { origin } = payos.api;
  const asked = request(`${origin}/v1/password_resets`, {
    method: 'POST',
    ca: payos.ca,
    servername: 'localhost',
    headers: {
      host,
      origin,
      'x-forwarded-host': host,
      forwarded: `host=${host}`,
      'content-type': 'application/json',
    },
  });
  asked.end(JSON.stringify({ email }));
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}
const confirmReset = (token: string, password: string) =>
  openBrowser(payos).post('/v1/password_resets/confirm', { token, password });

describe('a forgotten password', () => {
  it('is chosen anew by a link that works once; factors stay, every session ends', async () => {
    const ada = await newPerson();
    assert.equal((await askForReset(ada.email.toUpperCase())).status, 202);
    const { token, text } = await payos.mail.next(ada.email);
    assert.match(text, /second factor/);
    assertRefused(await confirmReset(token, 'passwordpassword'), 422, 'password_refused');
    assert.equal((await confirmReset(token, next)).status, 200);
    assertRefused(await confirmReset(token, others[0] ?? ''), 410, 'link_invalid');
    assertRefused(await ada.browser.get('/v1/account'), 401, 'session_expired');
    assert.match((await payos.mail.next(ada.email)).subject, /password was changed/);
    const again = await tryPassword(ada.email, next);
    assert.deepEqual(
      [again.body.state, again.body.factors],
      ['second_factor', ['totp', 'recovery_code']],
    );
  });

  it('link is none of ours, expired, or replaced by a newer one: the same refusal', async () => {
    const ada = await newPerson();
    await askForReset(ada.email);
    const first = await payos.mail.next(ada.email);
    await askForReset(ada.email);
    const second = await payos.mail.next(ada.email);
    const refused = await confirmReset('A'.repeat(43), next);
    assertRefused(refused, 410, 'link_invalid');
    assertRefused(await confirmReset(first.token, next), 410, 'link_invalid');
    await db.query('UPDATE one_time_links SET expires_at = now() WHERE account_id = $1', [
      ada.account,
    ]);
    assertRefused(await confirmReset(second.token, next), 410, 'link_invalid');
  });

  it('of two who use the link at once, one does', async () => {
    const ada = await newPerson();
    await askForReset(ada.email);
    const { token } = await payos.mail.next(ada.email);
    const answers = await Promise.all(others.map((password) => confirmReset(token, password)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 410, 410]);
  });

  it('does not unlock an account', async () => {
    const ada = await newPerson();
    await db.query(
      `UPDATE accounts SET failed_attempts = 10, locked_until = now() + interval '9 minutes'
       WHERE id = $1`,
      [ada.account],
    );
    await askForReset(ada.email);
    const { token } = await payos.mail.next(ada.email);
    assert.equal((await confirmReset(token, next)).status, 200);
    assertRefused(await tryPassword(ada.email, next), 401, 'sign_in_failed');
  });

  it('is mailed three times an hour, and to nobody who has no account', async () => {
    const ada = await newPerson();
    for (let count = 0; count < 6; count += 1) await askForReset(ada.email);
    await askForReset('nobody@people.example');
    const done = async () => {
      const { rows } = await db.query('SELECT 1 FROM password_reset_requests');
      return rows.length === 0 ? true : undefined;
    };
    await eventually(done, 'the requests');
    const { rows } = await db.query(
      `SELECT recipient FROM mails WHERE template = 'password_reset' AND recipient = ANY($1)`,
      [[ada.email, 'nobody@people.example']],
    );
    assert.deepEqual(
      rows,
      [1, 2, 3].map(() => ({ recipient: ada.email })),
    );
  });

  it('is chosen by a link from the machine itself where there is no mail', async () => {
    const ada = await newPerson();
    const ask = (email: string) =>
      payos.operator.call('POST', '/operator/accounts/password_links', { email });
    const { link } = await ask(ada.email);
    assert.ok(String(link).startsWith(`${payos.api.origin}/password-reset#token=`));
    const token = String(link).split('#token=')[1] ?? '';
    assert.equal((await confirmReset(token, next)).status, 200);
    assert.equal((await tryPassword(ada.email, next)).body.state, 'second_factor');
    await assert.rejects(ask('nobody@people.example'), /not_found/);
  });

  it('link leads to our own address, whatever host the request names', async () => {
    const ada = await newPerson();
    assert.equal(await askAsHost('evil.example', ada.email), 202);
    const { text, html, links } = await payos.mail.next(ada.email);
    assert.ok(links.length > 0 && links.every((link) => link.startsWith(`${payos.api.origin}/`)));
    assert.ok(!`${text}${html}`.includes('evil'));
  });
});

describe('another email address', () => {
  const ask = ({ browser, password }: SignedUp, email: string) =>
    browser.post('/v1/account/email', { email, password });
  const confirm = (token: string, browser = openBrowser(payos)) =>
    browser.post('/v1/account/email/confirm', { token });

  it('is confirmed by a link to it, ends other sessions, and the old one is told', async () => {
    const ada = await newPerson();
    const other = await signIn(payos, ada);
    const email = `new-${ada.email}`;
    assertRefused(await ask({ ...ada, password: 'wrong' }, email), 401, 'sign_in_failed');
    assert.equal((await ask(ada, email)).status, 202);
    const { token } = await payos.mail.next(email);
    assert.equal((await ada.browser.get('/v1/account')).body.email, ada.email);
    assert.equal((await confirm(token, ada.browser)).status, 200);
    assert.equal((await ada.browser.get('/v1/account')).body.email, email);
    assertRefused(await other.get('/v1/account'), 401, 'session_expired');
    assert.match((await payos.mail.next(ada.email)).subject, /email address.*changed/);
    assertRefused(await tryPassword(ada.email, ada.password), 401, 'sign_in_failed');
    assert.equal((await tryPassword(email, ada.password)).status, 200);
    assertRefused(await confirm(token), 410, 'link_invalid');
  });

  it('that somebody else has is told to its owner alone', async () => {
    const [ada, eve] = [await newPerson(), await newPerson()];
    assert.equal((await ask(ada, eve.email)).status, 202);
    const { token } = await payos.mail.next(eve.email);
    assertRefused(await confirm(token), 409, 'email_taken');
  });

  it('ends links that were sent to the old one', async () => {
    const ada = await newPerson();
    await askForReset(ada.email);
    const reset = await payos.mail.next(ada.email);
    await ask(ada, `new-${ada.email}`);
    await confirm((await payos.mail.next(`new-${ada.email}`)).token);
    assertRefused(await confirmReset(reset.token, next), 410, 'link_invalid');
  });
});

describe('one`s own sessions', () => {
  it('are listed with device, place and last use; one, or all others, can be ended', async () => {
    const ada = await newPerson();
    await db.query('UPDATE totp_factors SET last_step = 0 WHERE account_id = $1', [ada.account]);
    const phone = await signIn(payos, ada, { address: '127.0.9.1', steps: -1, userAgent: iphone });
    const tablet = await signIn(payos, ada, { steps: 0 });
    const { data } = (await ada.browser.get('/v1/account/sessions')).body;
    assert.equal(data.length, 3);
    const one = data.find(({ address }: { address: string }) => address === '127.0.9.1');
    assert.deepEqual(
      [one.device, one.current, one.proofs],
      ['Safari on iOS', false, ['password', 'totp']],
    );
    const ended = await ada.browser.call('DELETE', `/v1/account/sessions/${one.id}`);
    assert.deepEqual(ended.body, { ended: 1 });
    assertRefused(await phone.get('/v1/account'), 401, 'session_expired');
    assert.deepEqual((await ada.browser.post('/v1/account/sessions/end_others')).body, {
      ended: 1,
    });
    assertRefused(await tablet.get('/v1/account'), 401, 'session_expired');
    assert.equal((await ada.browser.get('/v1/account')).status, 200);
  });

  it('of somebody else cannot be ended', async () => {
    const [ada, eve] = [await newPerson(), await newPerson()];
    const { data } = (await eve.browser.get('/v1/account/sessions')).body;
    const answer = await ada.browser.call('DELETE', `/v1/account/sessions/${data[0].id}`);
    assertRefused(answer, 404, 'not_found');
    assert.equal((await eve.browser.get('/v1/account')).status, 200);
  });

  it('from a device that was not seen before are told by mail', async () => {
    const ada = await newPerson();
    await signIn(payos, ada, { userAgent: iphone });
    const mail = await payos.mail.next(ada.email);
    assert.match(mail.subject, /New sign-in/);
    assert.match(mail.text, /Safari on iOS/);
  });
});

describe('the rules of an organization', () => {
  it('hold for what one enrols and for one`s address', async () => {
    const ada = await newPerson();
    await db.query(
      `INSERT INTO security_policies (organization_id, allowed_factors, idle_minutes,
         session_hours, email_domains, ip_ranges)
       VALUES ($1, '{totp}', 15, 12, '{people.example}', '{}')`,
      [ada.organization],
    );
    const passkey = await ada.browser.post('/v1/account/passkey_options');
    assertRefused(passkey, 403, 'factor_not_allowed');
    assert.deepEqual((await ada.browser.get('/v1/account/factors')).body.allowed, ['totp']);
    const { password } = ada;
    const asked = { email: 'ada@elsewhere.example', password };
    const refused = await ada.browser.post('/v1/account/email', asked);
    assertRefused(refused, 422, 'email_domain_refused');
  });

  it('nobody works in an organization that they do not belong to', async () => {
    const [ada, eve] = [await newPerson(), await newPerson()];
    const go = (organization: string) =>
      ada.browser.post('/v1/session/organization', { organization });
    assertRefused(await go(eve.organization), 404, 'not_found');
    await db.query(
      `INSERT INTO members (organization_id, id, account_id, role_live)
       VALUES ($1, 'mem_1111111111111111111119', $2, 'analyst')`,
      [eve.organization, ada.account],
    );
    const moved = await go(eve.organization);
    assert.equal(moved.body.organization.id, eve.organization, moved.text);
    assert.equal(moved.body.roles.live, 'analyst');
    assertRefused(await ada.browser.get('/v1/members'), 403, 'permission_denied');
    assert.equal((await go(ada.organization)).body.roles.live, 'owner');
  });
});

const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1';

describe('the audit log', () => {
  it('has every step, every failure and every change, in the person`s organization', async () => {
    const ada = await newPerson();
    await tryPassword(ada.email, 'wrong');
    await signIn(payos, ada);
    const code = totpCode(ada.secret, 1);
    await ada.browser.post('/v1/session/step_up', { method: 'totp', code });
    await change(ada, ada.password, next);
    const { rows } = await db.query(
      `SELECT action, actor_type, actor_id, mode, details FROM audit_log
       WHERE organization_id = $1 ORDER BY id`,
      [ada.organization],
    );
    const said = rows.map(({ action, actor_type: who }) => `${who} ${action}`);
    for (const entry of [
      'account factor.add',
      'anonymous sign_in.fail',
      'account sign_in.pass',
      'account session.start',
      'account step_up.pass',
      'account password.change',
    ]) {
      assert.ok(said.includes(entry), `${entry}: ${said.join(', ')}`);
    }
    const text = JSON.stringify(rows);
    for (const secret of [ada.password, next, code, ada.secret]) assert.ok(!text.includes(secret));
    const own = rows.filter(({ actor_type: who }) => who === 'account');
    assert.ok(own.every(({ actor_id: id }) => id === ada.account));
  });
});
