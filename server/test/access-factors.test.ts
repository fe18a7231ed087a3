import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { BrowserSession } from '../../tools/harness/browser-session.ts';
import {
  enterInstallation,
  type SharedInstallation,
} from '../../tools/harness/shared-installation.ts';
import { openBrowser, type SignedUp, signIn, signUp } from '../../tools/harness/sign-up.ts';
import { previousCode, totpCode } from '../../tools/harness/totp.ts';

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

const failed = (answer: Answer) =>
  assert.deepEqual([answer.status, answer.body?.code], [401, 'sign_in_failed'], answer.text);

/** A browser in which the password was right. */
async function begin({ email, password }: SignedUp): Promise<BrowserSession> {
  const browser = openBrowser(payos);
  const answer = await browser.post('/v1/sign_in/password', { email, password });
  assert.equal(answer.body.state, 'second_factor', answer.text);
  return browser;
}

const codeIn = async (person: SignedUp, code: string) =>
  (await begin(person)).post('/v1/sign_in/totp', { code });

const recoverWith = async (person: SignedUp, code: string | undefined) =>
  (await begin(person)).post('/v1/sign_in/recovery_code', { code });

describe('a code of the authenticator app', () => {
  it('works once: replayed, it is refused, and so is one before it', async () => {
    const ada = await signUp(payos);
    const code = totpCode(ada.secret, 1);
    assert.equal((await codeIn(ada, code)).body.state, 'active');
    failed(await codeIn(ada, code));
    failed(await codeIn(ada, totpCode(ada.secret)));
  });

  it('that set the app up is used up by that', async () => {
    const ada = await signUp(payos);
    failed(await codeIn(ada, await previousCode(ada.secret)));
    assert.equal((await codeIn(ada, totpCode(ada.secret))).body.state, 'active');
  });

  it('of two sign-ins with the same code at the same moment lets one in', async () => {
    const ada = await signUp(payos);
    for (let round = 0; round < 5; round += 1) {
      await db.query('UPDATE totp_factors SET last_step = 0 WHERE account_id = $1', [ada.account]);
      await db.query('UPDATE accounts SET failed_attempts = 0 WHERE id = $1', [ada.account]);
      const browsers = await Promise.all(Array.from({ length: 6 }, () => begin(ada)));
      const code = totpCode(ada.secret);
      const answers = await Promise.all(
        browsers.map((browser) => browser.post('/v1/sign_in/totp', { code })),
      );
      const inside = answers.filter(({ status }) => status === 200);
      assert.equal(inside.length, 1, answers.map(({ text }) => text).join('\n'));
      for (const answer of answers) if (answer.status !== 200) failed(answer);
    }
  });

  it('that proved somebody again does not sign in, and the other way round', async () => {
    const ada = await signUp(payos);
    const code = totpCode(ada.secret);
    const stepUp = () => ada.browser.post('/v1/session/step_up', { method: 'totp', code });
    assert.equal((await stepUp()).status, 200);
    failed(await codeIn(ada, code));
    failed(await stepUp());
  });

  it('of somebody else, or two steps away, is refused', async () => {
    const [ada, eve] = [await signUp(payos), await signUp(payos)];
    failed(await codeIn(ada, totpCode(eve.secret)));
    // Of a step further away, so that the test does not depend on when in a step it runs.
    failed(await codeIn(ada, totpCode(ada.secret, 3)));
    failed(await codeIn(ada, totpCode(ada.secret, -3)));
  });

  it('is kept sealed, for this account alone', async () => {
    const [ada, eve] = [await signUp(payos), await signUp(payos)];
    const { rows } = await db.query('SELECT t::text AS line FROM totp_factors t');
    for (const { line } of rows) assert.ok(!line.includes(ada.secret));
    await db.query(
      `UPDATE totp_factors SET last_step = 0, secret_sealed = (
         SELECT secret_sealed FROM totp_factors WHERE account_id = $1) WHERE account_id = $2`,
      [eve.account, ada.account],
    );
    assert.equal((await codeIn(ada, totpCode(eve.secret))).status, 500);
  });
});

describe('a recovery code', () => {
  it('signs in once, however it is typed, and its person is told', async () => {
    const ada = await signUp(payos);
    assert.equal(ada.recoveryCodes.length, 10);
    await payos.mail.next(ada.email);
    const [, second = '', third = ''] = ada.recoveryCodes;
    const answer = await recoverWith(ada, ` ${second.toLowerCase().replaceAll('-', ' ')} `);
    assert.equal(answer.body.state, 'active', answer.text);
    assert.deepEqual(answer.body.proofs, ['password', 'recovery_code']);
    failed(await recoverWith(ada, second));
    const mail = await payos.mail.next(ada.email);
    assert.match(mail.text, /9 are left/);
    assert.equal((await recoverWith(ada, third)).body.state, 'active');
  });

  it('of two sign-ins at the same moment lets one in', async () => {
    const ada = await signUp(payos);
    const browsers = await Promise.all(Array.from({ length: 5 }, () => begin(ada)));
    const [code] = ada.recoveryCodes;
    const answers = await Promise.all(
      browsers.map((browser) => browser.post('/v1/sign_in/recovery_code', { code })),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  });

  it('of the set before is void, and so is one of somebody else', async () => {
    const [ada, eve] = [await signUp(payos), await signUp(payos)];
    const renewed = await ada.browser.post('/v1/account/recovery_codes');
    assert.equal(renewed.body.codes.length, 10, renewed.text);
    failed(await recoverWith(ada, ada.recoveryCodes[0]));
    failed(await recoverWith(ada, eve.recoveryCodes[0]));
    assert.equal((await recoverWith(ada, renewed.body.codes[0])).body.state, 'active');
  });

  it('lets in to enrol another factor', async () => {
    const ada = await signUp(payos);
    const browser = await begin(ada);
    const [code] = ada.recoveryCodes;
    await browser.post('/v1/sign_in/recovery_code', { code });
    const begun = await browser.post('/v1/account/passkey_options');
    assert.equal(begun.status, 200, begun.text);
  });

  it('proves nothing again: it is kept for the day the factors are lost', async () => {
    const ada = await signUp(payos);
    const [code] = ada.recoveryCodes;
    const answer = await ada.browser.post('/v1/session/step_up', { method: 'recovery_code', code });
    assert.equal(answer.body.code, 'invalid_request');
  });
});

describe('factors', () => {
  const age = (person: SignedUp) =>
    db.query(`UPDATE sessions SET factor_at = now() - interval '6 minutes' WHERE account_id = $1`, [
      person.account,
    ]);

  it('the last one cannot be removed', async () => {
    const { browser } = await signUp(payos);
    const answer = await browser.call('DELETE', '/v1/account/totp');
    assert.equal(answer.body.code, 'last_factor', answer.text);
  });

  it('are not added, removed or renewed without proving oneself again', async () => {
    const ada = await signUp(payos);
    await age(ada);
    for (const [method, path] of [
      ['POST', '/v1/account/totp'],
      ['POST', '/v1/account/passkey_options'],
      ['POST', '/v1/account/recovery_codes'],
      ['DELETE', '/v1/account/totp'],
    ] as const) {
      const refused = await ada.browser.call(method, path);
      assert.equal(refused.body.code, 'step_up_required', path);
      assert.deepEqual(refused.body.methods, ['passkey', 'totp']);
    }
    const { password, secret } = ada;
    await ada.browser.post('/v1/session/step_up', { method: 'password', password });
    const refused = await ada.browser.post('/v1/account/recovery_codes');
    assert.equal(refused.body.code, 'step_up_required', 'a password alone is not enough');
    await ada.browser.post('/v1/session/step_up', { method: 'totp', code: totpCode(secret) });
    assert.equal((await ada.browser.post('/v1/account/recovery_codes')).status, 200);
  });

  it('that changed end every other session', async () => {
    const ada = await signUp(payos);
    const other = await signIn(payos, ada);
    assert.equal((await ada.browser.post('/v1/account/recovery_codes')).status, 200);
    assert.equal((await other.get('/v1/account')).body.code, 'session_expired');
    assert.equal((await ada.browser.get('/v1/account')).status, 200);
  });

  it('cannot be enrolled with the password alone once there is one', async () => {
    const ada = await signUp(payos);
    await db.query('DELETE FROM totp_factors WHERE account_id = $1', [ada.account]);
    const enter = async () => {
      const { email, password } = ada;
      const browser = openBrowser(payos);
      const answer = await browser.post('/v1/sign_in/password', { email, password });
      return { browser, state: answer.body.state };
    };
    const [owner, thief] = [await enter(), await enter()];
    assert.deepEqual([owner.state, thief.state], ['enrollment', 'enrollment']);
    const { body } = await owner.browser.post('/v1/account/totp');
    await db.query(`UPDATE totp_factors SET confirmed_at = now() WHERE account_id = $1`, [
      ada.account,
    ]);
    assert.equal((await thief.browser.post('/v1/account/totp')).body.code, 'factor_exists');
    await db.query(`UPDATE totp_factors SET confirmed_at = NULL WHERE account_id = $1`, [
      ada.account,
    ]);
    const codes = [totpCode(body.secret), totpCode(body.secret, 1)];
    const [first, second] = await Promise.all([
      owner.browser.post('/v1/account/totp/confirm', { code: codes[0] }),
      thief.browser.post('/v1/account/totp/confirm', { code: codes[1] }),
    ]);
    assert.deepEqual([first.status, second.status].sort(), [200, 401]);
  });

  it('that nobody has any more cannot be enrolled after the day is over', async () => {
    const ada = await signUp(payos);
    await db.query('DELETE FROM totp_factors WHERE account_id = $1', [ada.account]);
    await db.query('UPDATE accounts SET enroll_until = now() WHERE id = $1', [ada.account]);
    await db.query('DELETE FROM recovery_codes WHERE account_id = $1', [ada.account]);
    const browser = await begin(ada);
    assert.deepEqual((await browser.get('/v1/session')).body.factors, []);
    const answer = await browser.post('/v1/account/totp');
    assert.equal(answer.status, 403, answer.text);
  });

  it('can be taken away on the machine itself; then the password enrols, for a day', async () => {
    const ada = await signUp(payos);
    const other = await signIn(payos, ada);
    await db.query(
      `UPDATE accounts SET failed_attempts = 10, locked_until = now() + interval '9 minutes'
       WHERE id = $1`,
      [ada.account],
    );
    const reset = { email: ada.email.toUpperCase() };
    await payos.operator.call('POST', '/operator/accounts/reset_factors', reset);
    assert.equal((await other.get('/v1/account')).body.code, 'session_expired');
    const { email, password } = ada;
    const answer = await other.post('/v1/sign_in/password', { email, password });
    assert.equal(answer.body.state, 'enrollment');
    const { rows } = await db.query(
      `SELECT actor_type FROM audit_log
       WHERE action = 'account.reset_factors' AND organization_id = $1`,
      [ada.organization],
    );
    assert.deepEqual(rows, [{ actor_type: 'operator' }]);
    const unknown = { email: 'nobody@people.example' };
    await assert.rejects(
      payos.operator.call('POST', '/operator/accounts/reset_factors', unknown),
      /not_found/,
    );
  });
});
