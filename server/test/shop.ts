import assert from 'node:assert/strict';
import type { Answer } from '../../tools/harness/api-client.ts';
import { type InstallationOptions, startInstallation } from '../../tools/harness/installation.ts';
import {
  enterInstallation,
  type SharedInstallation,
} from '../../tools/harness/shared-installation.ts';

export type Shop = Awaited<ReturnType<typeof openShop>>;
export type SharedShop = Awaited<ReturnType<typeof openSharedShop>>;

/** An installation with one merchant, its keys, and the verbs a test needs most. */
export const openShop = async (options: InstallationOptions = {}) =>
  setUpShop(await startInstallation(options));

/** A merchant in the installation that many test files share. */
export const openSharedShop = async () => setUpShop(await enterInstallation());

async function setUpShop<I extends SharedInstallation>(payos: I) {
  const organization = await payos.operator.createOrganization('Shop');
  const secret = await payos.operator.mint(organization);
  const publishable = await payos.operator.mint(organization, { kind: 'publishable' });

  const tokenize = async (number = '4242424242424242', more: object = {}): Promise<string> => {
    const card = { number, exp_month: 12, exp_year: 2031, cvc: '123', ...more };
    const body = { type: 'card', card };
    const answer = await payos.vault.call('POST', '/v1/tokens', { key: publishable.key, body });
    assert.equal(answer.status, 201, answer.text);
    return answer.body.id;
  };
  const pay = async (more: object = {}, card?: string): Promise<Answer> => {
    const source =
      'payment_method' in more || 'token' in more ? {} : { token: await tokenize(card) };
    const body = { amount: 1999, currency: 'EUR', ...source, ...more };
    return payos.api.post('/v1/payments', secret.key, body);
  };
  return {
    ...payos,
    organization,
    secret: secret.key,
    secretId: secret.id,
    publishable: publishable.key,
    tokenize,
    pay,
    post: (path: string, body?: unknown) => payos.api.post(path, secret.key, body),
    get: (path: string) => payos.api.get(path, secret.key),
  };
}

/** Waits until `look` returns something, at most `seconds`. */
export async function eventually<T>(
  look: () => Promise<T | undefined>,
  what: string,
  seconds = 20,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`${what} did not happen within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
