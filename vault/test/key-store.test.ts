import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { throttled } from '../../tools/harness/aws-service.ts';
import { type Db, openDb } from '../src/core/db.ts';
import { openRoots } from '../src/open-roots.ts';
import { createKekStore, type KekStore } from '../src/seal/kek-store.ts';
import type { KeyProvider } from '../src/seal/key-provider.ts';
import { KeyServiceFailed } from '../src/seal/key-service.ts';
import { openKeyring } from '../src/seal/keyring-file.ts';
import { rewrapKeys } from '../src/seal/rewrap-keys.ts';
import { twoProviders } from '../src/seal/two-providers.ts';
import { reasonOf, startKms } from './key-services.ts';
import { type Ground, newOrganization, prepareGround } from './support.ts';

const times = { cacheMs: 300_000, failureMs: 1_000, probeMs: 10_000 };
let ground: Ground;
let db: Db;
let kms: Awaited<ReturnType<typeof startKms>>;
let now = 0;
const logged: string[] = [];

before(async () => {
  ground = await prepareGround();
  kms = await startKms(ground);
  db = openDb(ground.appUrl, 4, () => {});
});
after(async () => {
  await kms?.provider.close();
  await kms?.stop();
  await db?.close();
  await ground?.close();
});
afterEach(async () => {
  kms.state.trouble = undefined;
  kms.state.keys.set(kms.key, 'Enabled');
  logged.length = 0;
  await ground.query('DELETE FROM keks');
});

const newStore = (provider: KeyProvider = kms.provider): KekStore =>
  createKekStore(
    db,
    provider,
    () => now,
    (_level, event, fields) => logged.push(`${event}: ${fields?.detail}`),
    times,
  );
const newOwner = () => ({ organization: newOrganization(), mode: 'test' as const });
const opened = () => kms.asked.filter(({ act }) => act === 'Decrypt').length;

/** Lets what was begun beside a request come to its end. */
const settle = () => sleep(150);

describe('keys of a key service', () => {
  it('open nothing 300 seconds after the last time the service gave them', async () => {
    const [store, owner] = [newStore(), newOwner()];
    const { id, version } = await store.current(owner, 'card');
    await store.named(owner, 'card', id, version);
    kms.state.keys.set(kms.key, 'Disabled');
    // In use all the time, so that they are asked for again and again.
    for (let passed = 0; passed < times.cacheMs; passed += 20_000) {
      await store.current(owner, 'card');
      await store.named(owner, 'card', id, version);
      await settle();
      now += 20_000;
    }
    assert.match(logged[0] ?? '', /key_refresh_failed: arn:.* is disabled/);
    assert.match(await reasonOf(store.current(owner, 'card')), /is disabled/);
    assert.match(await reasonOf(store.named(owner, 'card', id, version)), /is disabled/);
    kms.state.keys.set(kms.key, 'Enabled');
    now += times.failureMs;
    assert.equal((await store.current(owner, 'card')).id, id);
  });

  it('are asked for again before their time is over, while requests go on', async () => {
    const [store, owner] = [newStore(), newOwner()];
    const { id } = await store.current(owner, 'card');
    const before = opened();
    now += times.cacheMs * 0.7;
    await store.current(owner, 'card');
    assert.equal(opened(), before);
    now += times.cacheMs * 0.1;
    await Promise.all(Array.from({ length: 20 }, () => store.current(owner, 'card')));
    await settle();
    assert.equal(opened(), before + 1);
    now += times.cacheMs * 0.7;
    kms.state.keys.set(kms.key, 'Disabled');
    assert.equal((await store.current(owner, 'card')).id, id);
  });

  it('are not asked for by each request while the service fails', async () => {
    const [store, owner] = [newStore(), newOwner()];
    await store.current(owner, 'card');
    now += times.cacheMs;
    kms.state.trouble = { reply: throttled, times: 1_000 };
    for (let round = 0; round < 3; round += 1) {
      const all = Array.from({ length: 20 }, () => reasonOf(store.current(owner, 'card')));
      assert.deepEqual(new Set(await Promise.all(all)), new Set(['AWS KMS limits our rate.']));
    }
    assert.equal(kms.state.trouble.times, 997);
  });

  it('do not open when their rows were swapped', async () => {
    const [one, other] = [newOwner(), newOwner()];
    const first = await newStore().current(one, 'card');
    const second = await newStore().current(other, 'card');
    await ground.query(
      `UPDATE keks SET wrapped = (SELECT wrapped FROM keks WHERE id = $2) WHERE id = $1`,
      [first.id, second.id],
    );
    await assert.rejects(newStore().current(one, 'card'), { name: 'SealBroken' });
    await newStore().current(other, 'card');
  });

  it('are probed at most every ten seconds, and a dead service is told of', async () => {
    const store = newStore();
    await store.current(newOwner(), 'card');
    await store.checkUsable();
    const before = opened();
    kms.state.keys.set(kms.key, 'PendingDeletion');
    await store.checkUsable();
    assert.equal(opened(), before);
    now += times.probeMs;
    assert.match(await reasonOf(store.checkUsable()), /marked for deletion/);
    await reasonOf(store.checkUsable());
    assert.equal(opened(), before + 1);
    kms.state.keys.set(kms.key, 'Enabled');
    now += times.probeMs;
    await store.checkUsable();
  });
});

describe('another provider', () => {
  it('is refused while there are keys of the one before, and opens them beside it', async () => {
    const keyring = openKeyring(readFileSync(ground.keyring, 'utf8'));
    const owner = newOwner();
    const { id } = await newStore(keyring).current(owner, 'card');
    await newStore(keyring).checkRoots();
    await assert.rejects(newStore().checkRoots(), /1 keys .* by keyring \(root 1\)\. To open/);
    await assert.rejects(newStore().current(owner, 'card'), { name: 'SealBroken' });
    const both = twoProviders(kms.provider, keyring);
    assert.equal(both.fitForLive, false);
    await newStore(both).checkRoots();
    assert.equal((await newStore(both).current(owner, 'card')).id, id);
    await newStore(both).current(newOwner(), 'card');
    await assert.rejects(newStore(keyring).checkRoots(), /1 keys .* by aws-kms \(arn:aws:kms:/);
    const reversed = twoProviders(keyring, kms.provider);
    await newStore(reversed).checkRoots();
  });

  it('takes the keys over, each either here or there whenever it is interrupted', async () => {
    const keyring = openKeyring(readFileSync(ground.keyring, 'utf8'));
    const owners = Array.from({ length: 5 }, newOwner);
    const ids = await Promise.all(owners.map((owner) => newStore(keyring).current(owner, 'card')));
    const [broken] = owners;
    const { wrapped } = (await ground.query('SELECT wrapped FROM keks LIMIT 1'))[0] ?? {};
    await ground.query('UPDATE keks SET wrapped = $1 WHERE organization_id = $2', [
      Buffer.concat([(wrapped as Buffer).subarray(0, -1), Buffer.from([7])]),
      broken?.organization,
    ]);
    const both = twoProviders(kms.provider, keyring);
    let asked = 0;
    const interrupted = {
      ...both,
      wrap: async (...args: Parameters<KeyProvider['wrap']>) => {
        asked += 1;
        if (asked === 3) throw new KeyServiceFailed('interrupted');
        return both.wrap(...args);
      },
    };
    await assert.rejects(
      rewrapKeys(db, interrupted, () => {}),
      { reason: 'interrupted' },
    );
    const lying: KeyProvider = {
      ...both,
      wrap: async (_key, context) => both.wrap(Buffer.alloc(32), context),
    };
    await assert.rejects(
      rewrapKeys(db, lying, () => {}),
      { name: 'SealBroken' },
    );
    assert.deepEqual(await rewrapKeys(db, both, () => {}), { moved: 2, broken: 1 });
    await ground.query('DELETE FROM keks WHERE organization_id = $1', [broken?.organization]);
    await newStore().checkRoots();
    const alone = owners.slice(1).map((owner) => newStore().current(owner, 'card'));
    const after = await Promise.all(alone);
    assert.deepEqual(
      after.map(({ id }) => id),
      ids.slice(1).map(({ id }) => id),
    );
    // Who does not know what is replaced replaces nothing.
    const statement = { name: 'test', text: "SELECT rewrap_key(id, 'x', 'y', '') FROM keks" };
    await db.run(statement, []);
    const entries = await ground.query("SELECT detail FROM audit_log WHERE action = 'key.rewrap'");
    assert.equal(entries.length, 4);
    assert.match(entries[0]?.['detail'], /^keyring \(root 1\) → aws-kms \(arn:/);
  });
});

describe('a vault that is not ready', () => {
  it('says that it is its database, and tells the log once', async () => {
    const gone = openDb(ground.appUrl, 1, () => {});
    const roots = await openRoots(gone, kms.provider, times.cacheMs, (_level, event, fields) =>
      logged.push(`${event}: ${fields?.code}`),
    );
    await roots.checkReady();
    await gone.close();
    const refused = { code: 'unavailable', extras: { detail: 'database' } };
    for (const _ of [1, 2]) await assert.rejects(roots.checkReady(), refused);
    assert.deepEqual(logged, ['not_ready: database']);
    await roots.stop();
  });
});
