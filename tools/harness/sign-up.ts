import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type BrowserOptions, BrowserSession } from './browser-session.ts';
import type { SharedInstallation } from './shared-installation.ts';
import { previousCode, totpCode } from './totp.ts';

/** The owner of an organization of their own, signed in, with an authenticator app. */
export type SignedUp = {
  browser: BrowserSession;
  organization: string;
  account: string;
  email: string;
  password: string;
  /** Of the app, in base32. */
  secret: string;
  recoveryCodes: string[];
};

export const goodPassword = 'seven purple otters juggle';

/** A client as a browser is one, with nobody signed in. */
export function openBrowser(
  payos: SharedInstallation,
  options: BrowserOptions = {},
): BrowserSession {
  return BrowserSession.open(payos.api.origin, payos.ca, options);
}

/** Sets an organization up as its owner would, by the link, over HTTPS. */
export async function signUp(
  payos: SharedInstallation,
  options: { email?: string; browser?: BrowserSession } = {},
): Promise<SignedUp> {
  const { browser = openBrowser(payos) } = options;
  const email = options.email ?? `${randomBytes(6).toString('hex')}@people.example`;
  const organization = await payos.operator.createOrganization('Shop');
  const { link } = await payos.operator.call('POST', '/operator/setup_links', { organization });
  const token = String(link).split('#token=')[1];
  const names = { organization: 'Shop', name: 'Ada' };
  const body = { token, ...names, email, password: goodPassword };
  const setUp = await browser.post('/v1/setup', body);
  assert.equal(setUp.body.state, 'enrollment', setUp.text);
  const begun = await browser.post('/v1/account/totp');
  assert.equal(begun.status, 200, begun.text);
  const { secret } = begun.body;
  const code = await previousCode(secret);
  const confirmed = await browser.post('/v1/account/totp/confirm', { code });
  assert.equal(confirmed.status, 200, confirmed.text);
  return {
    browser,
    organization,
    account: setUp.body.account.id,
    email,
    password: goodPassword,
    secret,
    recoveryCodes: confirmed.body.recovery_codes,
  };
}

/** Signs in with password and app, in a browser of its own unless given one. */
export async function signIn(
  payos: SharedInstallation,
  person: SignedUp,
  options: BrowserOptions & { browser?: BrowserSession; steps?: number } = {},
): Promise<BrowserSession> {
  const { browser = openBrowser(payos, options), steps = 0 } = options;
  const { email, password, secret } = person;
  const first = await browser.post('/v1/sign_in/password', { email, password });
  assert.equal(first.body.state, 'second_factor', first.text);
  const second = await browser.post('/v1/sign_in/totp', { code: totpCode(secret, steps) });
  assert.equal(second.body.state, 'active', second.text);
  return browser;
}
