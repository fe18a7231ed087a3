import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { BrowserSession } from '../../tools/harness/browser-session.ts';
import { type Installation, startInstallation } from '../../tools/harness/installation.ts';
import { PasskeyDevice } from '../../tools/harness/passkey-device.ts';
import { openBrowser, type SignedUp, signUp } from '../../tools/harness/sign-up.ts';
import { totpCode } from '../../tools/harness/totp.ts';

/** What somebody could try who has a part of what opens an account, and not the whole. */
let payos: Installation;
let db: pg.Client;
before(async () => {
  payos = await startInstallation({
    start: ['server'],
    settings: { PAYOS_SIGN_IN_RATE: '100000' },
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
    const { secret } = (await thief.post('/v1/account/totp')).body;
    const almost = `UPDATE sessions SET factor_at = now() - interval '4 minutes 50 seconds'
      WHERE account_id = $1 AND ended_at IS NULL RETURNING factor_at`;
    const { rows } = await db.query(almost, [holder.account]);
    const added = await thief.post('/v1/account/totp/confirm', { code: totpCode(secret) });
    assert.equal(added.status, 200, added.text);
    assert.deepEqual(added.body.session.proofs, ['passkey']);
    assert.equal(added.body.session.factor_at, rows[0].factor_at.toISOString());
    assertRefused(await removeCard(thief), 403, 'step_up_required');
  });
});
