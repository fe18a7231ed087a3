import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { openVaultSession } from 'payos-secrets';
import { failure, throttled } from '../../tools/harness/aws-service.ts';
import { overQuota, sealed } from '../../tools/harness/vault-service.ts';
import { openAwsKms } from '../src/seal/aws-kms.ts';
import { KeyServiceMisconfigured, tryProvider } from '../src/seal/key-service.ts';
import { openVaultTransit } from '../src/seal/vault-transit.ts';
import { assertBinds, newContext, reasonOf, startKms, startTransit } from './key-services.ts';
import { type Ground, prepareGround } from './support.ts';

let ground: Ground;
let kms: Awaited<ReturnType<typeof startKms>>;
let transit: Awaited<ReturnType<typeof startTransit>>;
before(async () => {
  ground = await prepareGround();
  kms = await startKms(ground);
  transit = await startTransit(ground);
});
after(async () => {
  await Promise.all([kms?.provider.close(), transit?.provider.close()]);
  await Promise.all([kms?.stop(), transit?.vault.stop()]);
  await ground?.close();
});
afterEach(() => {
  Object.assign(kms.state, { trouble: undefined, silent: false, lies: false });
  kms.state.denied.clear();
  kms.state.keys.set(kms.key, 'Enabled');
  Object.assign(transit.vault, { outage: undefined, silent: false });
  transit.vault.transit.ignoresAssociatedData = false;
});

const context = newContext();
const broken = { name: 'SealBroken' };

describe('AWS KMS', () => {
  it('binds keys to whose and what for they are', async () => {
    await assertBinds(kms.provider);
    await tryProvider(kms.provider);
    const { input } = kms.asked.find(({ act }) => act === 'Encrypt') ?? assert.fail();
    assert.equal(input.KeyId, kms.key);
    assert.deepEqual(Object.keys(input.EncryptionContext ?? {}).sort(), [
      'mode',
      'organization',
      'payos',
      'purpose',
      'version',
    ]);
  });

  it('says why it does not open a key', async () => {
    const wrapped = await kms.provider.wrap(randomBytes(32), context);
    const unwrap = () => reasonOf(kms.provider.unwrap(wrapped, context));
    kms.state.keys.set(kms.key, 'Disabled');
    assert.equal(await unwrap(), `${kms.key} is disabled.`);
    kms.state.keys.set(kms.key, 'PendingDeletion');
    assert.match(await unwrap(), /marked for deletion/);
    kms.state.keys.set(kms.key, 'Enabled');
    kms.state.denied.add('Decrypt');
    assert.match(await unwrap(), /does not allow kms:Encrypt and kms:Decrypt/);
    kms.state.lies = true;
    kms.state.denied.clear();
    assert.match(await unwrap(), /with another key than was asked/);
  });

  it('is asked three times when it limits our rate or fails, and no more', async () => {
    const wrapped = await kms.provider.wrap(randomBytes(32), context);
    const internal = failure('KMSInternalException', 'internal', 500);
    for (const reply of [throttled, internal]) {
      kms.state.trouble = { reply, times: 2 };
      await kms.provider.unwrap(wrapped, context);
      kms.state.trouble = { reply, times: 50 };
      await reasonOf(kms.provider.unwrap(wrapped, context));
      assert.equal(kms.state.trouble.times, 47);
    }
  });

  it('is given up on when it does not answer', { timeout: 20_000 }, async () => {
    const wrapped = await kms.provider.wrap(randomBytes(32), context);
    kms.state.silent = true;
    const started = performance.now();
    await reasonOf(kms.provider.unwrap(wrapped, context));
    assert.ok(performance.now() - started < 10_000);
  });

  it('is given up on when there are no credentials in time', { timeout: 30_000 }, async () => {
    const [folder, before] = [mkdtempSync(join(tmpdir(), 'payos-kms-')), { ...process.env }];
    const config = join(folder, 'config');
    writeFileSync(config, '[profile slow]\ncredential_process = sleep 12\n');
    const without = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    Object.assign(process.env, { ...without, AWS_CONFIG_FILE: config, AWS_PROFILE: 'slow' });
    const provider = openAwsKms([kms.key]);
    const started = performance.now();
    const reason = await reasonOf(provider.wrap(randomBytes(32), context));
    assert.match(reason, /no answer in time/);
    assert.ok(performance.now() - started < 10_000);
    delete process.env['AWS_PROFILE'];
    Object.assign(process.env, before);
    await provider.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gets nothing to open that another key wrapped, and takes no alias', async () => {
    const other = kms.newKey();
    const foreign = openAwsKms([other]);
    const wrapped = await foreign.wrap(randomBytes(32), context);
    const asked = kms.asked.length;
    await assert.rejects(kms.provider.unwrap(wrapped, context), broken);
    assert.equal(kms.asked.length, asked);
    // Named as ours, it is KMS that refuses.
    const renamed = Buffer.from(wrapped);
    renamed.write(kms.key, 3);
    await assert.rejects(kms.provider.unwrap(renamed, context), broken);
    const both = openAwsKms([kms.key, other]);
    assert.equal((await both.unwrap(wrapped, context)).length, 32);
    assert.deepEqual(both.root, kms.provider.root);
    await Promise.all([foreign.close(), both.close()]);
    for (const key of ['alias/payos', kms.key.replace(/key\/.*/, 'alias/payos'), '']) {
      assert.throws(() => openAwsKms([key]), KeyServiceMisconfigured);
    }
  });

  it('is not asked over an endpoint without TLS, nor with wrong credentials', async () => {
    const { AWS_ENDPOINT_URL_KMS: url, AWS_SECRET_ACCESS_KEY: secret } = kms.environment;
    const reasonWith = async (more: Record<string, string>) => {
      Object.assign(process.env, more);
      const provider = openAwsKms([kms.key]);
      const reason = await reasonOf(provider.wrap(randomBytes(32), context));
      await provider.close();
      Object.assign(process.env, { AWS_ENDPOINT_URL_KMS: url, AWS_SECRET_ACCESS_KEY: secret });
      return reason;
    };
    const plain = { AWS_ENDPOINT_URL_KMS: url.replace('https', 'http') };
    assert.match(await reasonWith(plain), /is not https/);
    const wrong = { AWS_SECRET_ACCESS_KEY: 'a wrong one' };
    assert.match(await reasonWith(wrong), /InvalidSignatureException/);
  });
});

describe('transit of Vault', () => {
  it('binds keys to whose and what for they are', async () => {
    await assertBinds(transit.provider);
    await tryProvider(transit.provider);
  });

  it('is refused when it binds keys to nothing', async () => {
    transit.vault.transit.ignoresAssociatedData = true;
    await assert.rejects(tryProvider(transit.provider), /does not bind keys/);
  });

  it('opens what older versions of the key wrapped, unless it must not', async () => {
    const { provider, vault } = transit;
    const first = await provider.wrap(randomBytes(32), context);
    vault.transit.rotate('payos');
    const second = await provider.wrap(randomBytes(32), context);
    assert.match(second.toString(), /vault:v2:/);
    assert.equal((await provider.unwrap(first, context)).length, 32);
    vault.transit.rotate('payos', true);
    assert.match(await reasonOf(provider.unwrap(first, context)), /this version of the key/);
  });

  it('says why it does not open a key', async () => {
    const { provider, vault } = transit;
    const wrapped = await provider.wrap(randomBytes(32), context);
    const unwrap = () => reasonOf(provider.unwrap(wrapped, context));
    vault.outage = sealed;
    assert.match(await unwrap(), /is sealed \(503\)/);
    vault.outage = overQuota;
    assert.match(await unwrap(), /limits our rate \(429\)/);
    vault.outage = undefined;
    vault.transit.delete('payos');
    assert.match(await unwrap(), /no such key/);
    vault.transit.add('payos');
    await assert.rejects(provider.unwrap(wrapped, context), broken);
  });

  it('is come to by another login when the token has ended, and refused after that', async () => {
    const { provider, vault } = transit;
    const wrapped = await provider.wrap(randomBytes(32), context);
    vault.tokens.clear();
    assert.equal((await provider.unwrap(wrapped, context)).length, 32);
    assert.equal(vault.tokens.size, 1);
    const role = vault.addRole(() => false);
    const environment = { ...transit.environment, VAULT_ROLE_ID: role.roleId };
    const session = openVaultSession({ ...environment, VAULT_SECRET_ID: role.secretId });
    const denied = openVaultTransit(['transit/payos'], session);
    assert.match(await reasonOf(denied.unwrap(wrapped, context)), /refuses the token .* \(403\)/);
    await denied.close();
    assert.equal(vault.tokens.size, 2);
  });

  it('is asked three times while it fails', async () => {
    const { provider, vault } = transit;
    const wrapped = await provider.wrap(randomBytes(32), context);
    const before = vault.seen.length;
    Object.assign(vault, { outage: sealed, outageLasts: 2 });
    assert.equal((await provider.unwrap(wrapped, context)).length, 32);
    assert.equal(vault.seen.length, before + 3);
    vault.outageLasts = Number.POSITIVE_INFINITY;
  });

  it('is given up on when it does not answer', { timeout: 20_000 }, async () => {
    const wrapped = await transit.provider.wrap(randomBytes(32), context);
    transit.vault.silent = true;
    const started = performance.now();
    await reasonOf(transit.provider.unwrap(wrapped, context));
    assert.ok(performance.now() - started < 10_000);
  });

  it('is asked with names that are a path, and opens only keys of ours', async () => {
    const session = { post: () => assert.fail(), close: async () => {} };
    for (const name of ['payos', 'transit/../sys/payos', 'a/b?', '', '/payos']) {
      assert.throws(() => openVaultTransit([name], session), KeyServiceMisconfigured);
    }
    const provider = openVaultTransit(['transit/other'], session);
    const wrapped = await transit.provider.wrap(randomBytes(32), context);
    await assert.rejects(provider.unwrap(wrapped, context), broken);
  });
});
