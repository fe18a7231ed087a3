import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { KeyringRefused, openKeyring, withNewRoot } from './keyring-file.ts';
import { openProvider } from './open-provider.ts';
import {
  openByShares,
  readSealedKeyring,
  type SealedKeyring,
  sealByPassphrase,
  sealByShares,
} from './sealed-keyring.ts';
import { parseShare, type Share } from './share.ts';

const root = randomBytes(32).toString('base64');
const plain = JSON.stringify({ provider: 'keyring-file', current: 1, roots: { 1: root } });
const context = { organization: 'org_a', mode: 'live', purpose: 'card', version: 1 } as const;

const settings = (keyring: string, passphrase?: string) => ({
  ...{ provider: 'keyring', oldProvider: 'none', kmsKeys: [], transitKeys: [] },
  ...{ keyring, passphrase },
});

describe('a keyring sealed by a passphrase', () => {
  it('opens with it alone, and stays unfit for live mode', async () => {
    const sealed = sealByPassphrase(plain, 'correct horse battery staple');
    assert.equal(sealed.includes(root), false);
    const provider = openProvider(settings(sealed, 'correct horse battery staple'), {});
    assert.equal(provider.fitForLive, false);
    const wrapped = await openKeyring(plain).wrap(Buffer.alloc(32, 1), context);
    assert.deepEqual(await provider.unwrap(wrapped, context), Buffer.alloc(32, 1));
    const refused = (passphrase?: string, text = sealed) =>
      assert.throws(() => openProvider(settings(text, passphrase), {}), KeyringRefused);
    refused(undefined);
    refused('correct horse battery stable');
    // Cheaper parameters are refused before anything is computed.
    refused('x', sealed.replace('"memory_kib": 65536', '"memory_kib": 8'));
    refused('x', sealed.replace('"memory_kib": 65536', '"memory_kib": 999999999'));
    refused('x', sealed.replace('"passes": 3', '"passes": 1'));
  });
});

describe('a keyring in the hands of custodians', () => {
  const { keyring, lock, shares } = sealByShares(plain, 5, 3);
  const sealed = readSealedKeyring(keyring) as SealedKeyring;
  const all = shares.map((text) => parseShare(text) as Share);

  it('opens with enough shares, and not with a wrong one among them', () => {
    assert.equal(keyring.includes(root), false);
    assert.equal(openByShares(sealed, all.slice(0, 3)), plain);
    assert.equal(openByShares(sealed, all.slice(2)), plain);
    assert.equal(openByShares(sealed, all.slice(0, 2)), undefined);
    const other = sealByShares(plain, 5, 3).shares.map((text) => parseShare(text) as Share);
    assert.equal(openByShares(sealed, [...all.slice(0, 2), other[4] as Share]), undefined);
  });

  it('cannot be told other rules by who writes the file', () => {
    for (const change of [{ threshold: 2 }, { shares: 4 }, { set: '00000000' }]) {
      const changed = { ...sealed, lock: { ...lock, ...change } };
      assert.throws(() => openByShares(changed, all), { name: 'SealBroken' });
    }
    const refused = keyring.replace('"threshold": 3', '"threshold": 1');
    assert.throws(() => readSealedKeyring(refused), KeyringRefused);
  });

  it('does nothing before, and is fit for live mode after', async () => {
    const provider = openProvider(settings(keyring), {});
    assert.ok('unlock' in provider);
    await assert.rejects(provider.wrap(Buffer.alloc(32), context), { name: 'KeyServiceFailed' });
    assert.equal((provider as unknown as { unlock: (s: Share[]) => boolean }).unlock(all), true);
    assert.equal(provider.fitForLive, true);
    await provider.wrap(Buffer.alloc(32), context);
  });

  it('has a new root, and those before', async () => {
    const [before, after] = [openKeyring(plain), openKeyring(withNewRoot(plain))];
    assert.notDeepEqual(after.root, before.root);
    const wrapped = await before.wrap(Buffer.alloc(32, 3), context);
    assert.deepEqual(await after.unwrap(wrapped, context), Buffer.alloc(32, 3));
  });
});
