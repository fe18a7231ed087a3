import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { BrowserSession } from '../../tools/harness/browser-session.ts';
import { type Misuse, PasskeyDevice } from '../../tools/harness/passkey-device.ts';
import {
  enterInstallation,
  type SharedInstallation,
} from '../../tools/harness/shared-installation.ts';
import { openBrowser, type SignedUp, signUp } from '../../tools/harness/sign-up.ts';

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

type Holder = SignedUp & { device: PasskeyDevice };

async function addPasskey(browser: BrowserSession, device: PasskeyDevice, misuse: Misuse = {}) {
  const { body } = await browser.post('/v1/account/passkey_options');
  const credential = device.create(body.options, misuse);
  return browser.post('/v1/account/passkeys', { credential, name: 'Laptop' });
}

/** A person with an app and a passkey. */
async function newHolder(options: { counts?: boolean } = {}): Promise<Holder> {
  const person = await signUp(payos);
  const device = new PasskeyDevice(payos.api.origin, options);
  const added = await addPasskey(person.browser, device);
  assert.equal(added.status, 200, added.text);
  return { ...person, device };
}

async function optionsFor(browser: BrowserSession) {
  return (await browser.post('/v1/sign_in/passkey_options')).body.options;
}

async function signInAlone(device: PasskeyDevice, misuse: Misuse = {}): Promise<Answer> {
  const browser = openBrowser(payos);
  const credential = device.get(await optionsFor(browser), misuse);
  return browser.post('/v1/sign_in/passkey', { credential });
}

const failed = (answer: Answer) =>
  assert.deepEqual([answer.status, answer.body?.code], [401, 'sign_in_failed'], answer.text);

describe('a passkey', () => {
  it('signs in by itself, because its device has verified the user', async () => {
    const { device, organization } = await newHolder();
    const answer = await signInAlone(device);
    assert.equal(answer.body.state, 'active', answer.text);
    assert.deepEqual(answer.body.proofs, ['passkey']);
    assert.equal(answer.body.organization.id, organization);
  });

  it('is a second factor after the password', async () => {
    const { device, email, password } = await newHolder();
    const browser = openBrowser(payos);
    await browser.post('/v1/sign_in/password', { email, password });
    const options = await optionsFor(browser);
    assert.equal(options.allowCredentials.length, 1);
    const credential = device.get(options);
    const answer = await browser.post('/v1/sign_in/passkey', { credential });
    assert.deepEqual(answer.body.proofs, ['password', 'passkey'], answer.text);
  });

  it('may be the first and only factor, and brings the recovery codes', async () => {
    const ada = await signUp(payos);
    await db.query('DELETE FROM totp_factors WHERE account_id = $1', [ada.account]);
    const browser = openBrowser(payos);
    const { email, password } = ada;
    await browser.post('/v1/sign_in/password', { email, password });
    const added = await addPasskey(browser, new PasskeyDevice(payos.api.origin));
    assert.equal(added.body.session.state, 'active', added.text);
    assert.equal(added.body.recovery_codes.length, 10);
    const { body } = await browser.get('/v1/account/factors');
    assert.deepEqual([body.passkeys.length, body.passkeys[0].name, body.totp], [1, 'Laptop', null]);
    const removed = await browser.call('DELETE', `/v1/account/passkeys/${body.passkeys[0].id}`);
    assert.equal(removed.body.code, 'last_factor');
  });

  it('that is added, or removed, ends every other session', async () => {
    const ada = await newHolder();
    const enterAgain = async () => {
      const browser = openBrowser(payos);
      const credential = ada.device.get(await optionsFor(browser));
      await browser.post('/v1/sign_in/passkey', { credential });
      assert.equal((await browser.get('/v1/account')).status, 200);
      return browser;
    };
    const one = await enterAgain();
    await addPasskey(ada.browser, new PasskeyDevice(payos.api.origin));
    assert.equal((await one.get('/v1/account')).body.code, 'session_expired');
    const two = await enterAgain();
    assert.equal((await ada.browser.call('DELETE', '/v1/account/totp')).status, 200);
    assert.equal((await two.get('/v1/account')).body.code, 'session_expired');
    assert.equal((await ada.browser.get('/v1/account')).status, 200);
  });

  it('is asked to verify its user and to be found without a name', async () => {
    const { browser } = await signUp(payos);
    const { options } = (await browser.post('/v1/account/passkey_options')).body;
    const { residentKey, userVerification } = options.authenticatorSelection;
    assert.deepEqual([residentKey, userVerification], ['required', 'required']);
    assert.equal(options.attestation, 'none');
    assert.equal((await optionsFor(openBrowser(payos))).userVerification, 'required');
  });
});

describe('a passkey is refused', () => {
  const misuses: Record<string, Misuse> = {
    'when its user was not verified': { unverified: true },
    'when it was used on another site': { origin: 'https://evil.example' },
    'when it belongs to another site': { rpId: 'evil.example' },
    'when it was used inside another site`s page': { crossOrigin: true },
    'when it answers another challenge': { challenge: Buffer.alloc(32).toString('base64url') },
    'when it answers no challenge': { challenge: '' },
  };
  for (const [when, misuse] of Object.entries(misuses)) {
    it(when, async () => {
      const { device, browser } = await newHolder();
      failed(await signInAlone(device, misuse));
      const added = await addPasskey(browser, device, misuse);
      assert.equal(added.body.code, 'passkey_refused', added.text);
    });
  }

  it('when a registration is passed off as a sign-in', async () => {
    const { device } = await newHolder();
    failed(await signInAlone(device, { type: 'webauthn.create' }));
  });

  it('when it names another user than it belongs to', async () => {
    const { device } = await newHolder();
    const userHandle = Buffer.from('acc_1111111111111111111111').toString('base64url');
    failed(await signInAlone(device, { userHandle }));
  });

  it('when its counter does not go up: it has been copied', async () => {
    const { device } = await newHolder();
    failed(await signInAlone(device, { frozen: true }));
    assert.equal((await signInAlone(device)).body.state, 'active');
  });

  it('when its answer is sent again, or by somebody else at the same moment', async () => {
    // It does not count its uses: the challenge alone tells the first answer from the second.
    const { device } = await newHolder({ counts: false });
    const browser = openBrowser(payos);
    const credential = device.get(await optionsFor(browser));
    const thieves = Array.from({ length: 5 }, () => openBrowser(payos));
    const answers = await Promise.all(
      [browser, ...thieves].map((one) => one.post('/v1/sign_in/passkey', { credential })),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    failed(await openBrowser(payos).post('/v1/sign_in/passkey', { credential }));
  });

  it('when it comes after five minutes', async () => {
    const { device } = await newHolder();
    const browser = openBrowser(payos);
    const options = await optionsFor(browser);
    const credential = device.get(options);
    await db.query('UPDATE webauthn_challenges SET expires_at = now() WHERE challenge = $1', [
      Buffer.from(String(options.challenge), 'base64url'),
    ]);
    failed(await browser.post('/v1/sign_in/passkey', { credential }));
  });

  it('when its challenge was given for something else, or to somebody else', async () => {
    const [ada, eve] = [await newHolder(), await newHolder()];
    const stepUpOptions = async ({ browser }: Holder) =>
      (await browser.post('/v1/session/step_up_options')).body.options;
    const browser = openBrowser(payos);
    const forStepUp = ada.device.get(await stepUpOptions(ada));
    failed(await browser.post('/v1/sign_in/passkey', { credential: forStepUp }));
    const forSignIn = ada.device.get(await optionsFor(browser));
    const method = 'passkey';
    failed(await ada.browser.post('/v1/session/step_up', { method, credential: forSignIn }));
    const forEnrolment = (await ada.browser.post('/v1/account/passkey_options')).body.options;
    const own = ada.device.get({ challenge: forEnrolment.challenge, rpId: 'localhost' });
    failed(await ada.browser.post('/v1/session/step_up', { method, credential: own }));
    const { challenge } = await stepUpOptions(eve);
    const credential = ada.device.get({ challenge, rpId: 'localhost' });
    failed(await ada.browser.post('/v1/session/step_up', { method, credential }));
  });

  it('when it is somebody else`s, after a password or to prove oneself again', async () => {
    const [ada, eve] = [await newHolder(), await newHolder()];
    const browser = openBrowser(payos);
    const { email, password } = ada;
    await browser.post('/v1/sign_in/password', { email, password });
    const { challenge, rpId } = await optionsFor(browser);
    const credential = eve.device.get({ challenge, rpId });
    failed(await browser.post('/v1/sign_in/passkey', { credential }));
    const { body } = await ada.browser.post('/v1/session/step_up_options');
    const theirs = eve.device.get({ challenge: body.options.challenge, rpId });
    const again = { method: 'passkey', credential: theirs };
    failed(await ada.browser.post('/v1/session/step_up', again));
  });

  it('when what is sent makes no sense', async () => {
    const { device } = await newHolder();
    const sound = device.get(await optionsFor(openBrowser(payos)));
    const nonsense: unknown[] = [{}, { id: 1 }, { ...sound, response: null }];
    nonsense.push({ ...sound, response: { clientDataJSON: 'e30' } }, { ...sound, id: 'é' });
    nonsense.push({ ...sound, response: { ...(sound['response'] as object), signature: 7 } });
    for (const credential of nonsense) {
      failed(await openBrowser(payos).post('/v1/sign_in/passkey', { credential }));
    }
  });

  it('when the password alone was given, and somebody has enrolled a factor since', async () => {
    const { account, email, password } = await signUp(payos);
    const confirm = (at: string) =>
      db.query(`UPDATE totp_factors SET confirmed_at = ${at} WHERE account_id = $1`, [account]);
    await confirm('NULL');
    const browser = openBrowser(payos);
    const begun = await browser.post('/v1/sign_in/password', { email, password });
    assert.equal(begun.body.state, 'enrollment');
    const { options } = (await browser.post('/v1/account/passkey_options')).body;
    await confirm('now()');
    const credential = new PasskeyDevice(payos.api.origin).create(options);
    const refused = await browser.post('/v1/account/passkeys', { credential });
    assert.equal(refused.body.code, 'sign_in_unfinished', refused.text);
  });

  it('when it is enrolled already, or is the eleventh', async () => {
    const { browser, device } = await newHolder();
    const { options } = (await browser.post('/v1/account/passkey_options')).body;
    assert.equal(options.excludeCredentials.length, 1);
    for (let count = 1; count < 10; count += 1) await addPasskey(browser, device);
    const eleventh = await addPasskey(browser, device);
    assert.equal(eleventh.body.code, 'passkey_limit_reached', eleventh.text);
  });
});

describe('proving oneself again', () => {
  const age = (account: string) =>
    db.query(
      `UPDATE sessions SET factor_at = now() - interval '5 minutes 1 second' WHERE account_id = $1`,
      [account],
    );

  it('is due when the last factor is over five minutes old, and a passkey does it', async () => {
    const { account, browser, device } = await newHolder();
    assert.equal((await browser.post('/v1/account/passkey_options')).status, 200);
    await age(account);
    const due = await browser.post('/v1/account/passkey_options');
    assert.equal(due.body.code, 'step_up_required');
    const { options } = (await browser.post('/v1/session/step_up_options')).body;
    const proof = { method: 'passkey', credential: device.get(options) };
    const proved = await browser.post('/v1/session/step_up', proof);
    assert.deepEqual(proved.body.proofs, ['password', 'totp', 'passkey'], proved.text);
    assert.equal((await browser.post('/v1/account/passkey_options')).status, 200);
  });

  it('where the card vault is touched needs a password or a code beside the passkey', async () => {
    const { device, password } = await newHolder();
    const browser = openBrowser(payos);
    const credential = device.get(await optionsFor(browser));
    await browser.post('/v1/sign_in/passkey', { credential });
    const remove = () => browser.call('DELETE', '/v1/payment_methods/pm_1111111111111111111111');
    const refused = await remove();
    assert.equal(refused.body.code, 'step_up_required', refused.text);
    assert.deepEqual(refused.body.methods, ['password', 'totp']);
    await browser.post('/v1/session/step_up', { method: 'password', password });
    assert.equal((await remove()).body.code, 'not_found');
  });
});
