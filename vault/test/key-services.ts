import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { openVaultSession } from 'payos-secrets';
import { startKmsService } from '../../tools/harness/kms-service.ts';
import { startVaultService } from '../../tools/harness/vault-service.ts';
import { openAwsKms } from '../src/seal/aws-kms.ts';
import type { KeyContext, KeyProvider } from '../src/seal/key-provider.ts';
import { KeyServiceFailed } from '../src/seal/key-service.ts';
import { openVaultTransit } from '../src/seal/vault-transit.ts';
import { type Ground, newOrganization } from './support.ts';

/** What a wrapped key belongs to, for tests. */
export const newContext = (): KeyContext => ({
  organization: newOrganization(),
  mode: 'test',
  purpose: 'card',
  version: 1,
});

const tlsOf = (ground: Ground) => ({
  cert: ground.pem('localhost.pem'),
  key: ground.pem('localhost-key.pem'),
});

/** KMS on loopback, and this process set up to ask it: the SDK reads its environment. */
export async function startKms(ground: Ground) {
  const kms = await startKmsService(tlsOf(ground));
  setDefaultCACertificates([...getCACertificates('default'), ground.pem('ca.pem')]);
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AWS_')) delete process.env[name];
  }
  Object.assign(process.env, kms.environment);
  const key = kms.newKey();
  return { ...kms, key, provider: openAwsKms([key]) };
}

/** Vault with a transit key, and a provider that comes to it by AppRole. */
export async function startTransit(ground: Ground) {
  const vault = await startVaultService(tlsOf(ground));
  vault.transit.add('payos');
  const role = vault.addRole((path) => /^transit\/(en|de)crypt\/payos$/.test(path));
  const environment = {
    VAULT_ADDR: vault.url,
    VAULT_CACERT: ground.path('ca.pem'),
    VAULT_ROLE_ID: role.roleId,
    VAULT_SECRET_ID: role.secretId,
  };
  const provider = openVaultTransit(['transit/payos'], openVaultSession(environment));
  return { vault, role, environment, provider };
}

/** Asserts that a provider binds what it wraps to all of its context. */
export async function assertBinds(provider: KeyProvider): Promise<void> {
  const [key, context] = [randomBytes(32), newContext()];
  const wrapped = await provider.wrap(key, context);
  assert.equal(wrapped.includes(key), false);
  assert.deepEqual(await provider.unwrap(wrapped, context), key);
  const others: Partial<KeyContext>[] = [
    { organization: newOrganization() },
    { mode: 'live' },
    { purpose: 'fingerprint' },
    { version: 2 },
  ];
  for (const other of others) {
    await assert.rejects(provider.unwrap(wrapped, { ...context, ...other }), {
      name: 'SealBroken',
    });
  }
}

/** The sentence with which a key service fails. */
export async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof KeyServiceFailed, `not a failure of the key service: ${error}`);
  assert.equal(error.code, 'unavailable');
  return error.reason;
}
