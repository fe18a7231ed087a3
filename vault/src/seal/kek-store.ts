import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { BoundedMap } from '../core/bounded-map.ts';
import type { Db } from '../core/db.ts';
import { secureBytes } from '../core/random.ts';
import { type KeyProvider, type KeyPurpose, type Owner, SealBroken } from './key-provider.ts';

/** A key-encryption key, or the MAC key of a purpose that only authenticates. */
export type Kek = { id: string; version: number; key: KeyObject };

export type KekStore = {
  /** The key to use for new data; made on first use. */
  current(owner: Owner, purpose: KeyPurpose): Promise<Kek>;
  /** The key that a record's header names. Throws {@link SealBroken} if the owner has none such. */
  named(owner: Owner, purpose: KeyPurpose, id: string, version: number): Promise<Kek>;
  /** Boot check: throws unless every two owners, modes and purposes have different keys. */
  checkDistinct(): Promise<void>;
  /** Throws unless the database answers and the provider can still unwrap a key. */
  checkUsable(): Promise<void>;
};

type Row = { id: string; version: number; wrapped: Buffer; key_check_value: Buffer };
type OwnedRow = Row & { organization_id: string; mode: Owner['mode']; purpose: KeyPurpose };

const cacheLimit = 30_000;
/** How long a key taken out of service may still be used by a running process. */
const cacheMs = 300_000;

const columns = 'id, version, wrapped, key_check_value';
const selectCurrent = {
  name: 'kek-current',
  text: `SELECT ${columns} FROM keks WHERE organization_id = $1 AND mode = $2 AND purpose = $3
         ORDER BY version DESC LIMIT 1`,
};
const selectNamed = {
  name: 'kek-named',
  text: `SELECT ${columns} FROM keks WHERE id = $4 AND version = $5
         AND organization_id = $1 AND mode = $2 AND purpose = $3`,
};
const insertFirst = {
  name: 'kek-insert',
  text: `INSERT INTO keks (id, organization_id, mode, purpose, version, wrapped, key_check_value)
         VALUES ($1, $2, $3, $4, 1, $5, $6) ON CONFLICT (organization_id, mode, purpose, version)
         DO NOTHING`,
};
const selectAny = {
  name: 'kek-any',
  text: `SELECT ${columns}, organization_id, mode, purpose FROM keks LIMIT 1`,
};
const selectShared = {
  name: 'kek-shared',
  text: `SELECT key_check_value FROM keks GROUP BY key_check_value HAVING count(*) > 1 LIMIT 1`,
};

/** Keeps the unwrapped keys in memory as key objects, a bounded number of them. */
export function createKekStore(db: Db, provider: KeyProvider, clock: () => number): KekStore {
  const cache = new BoundedMap<string, { kek: Promise<Kek>; until: number }>(cacheLimit);

  function remembered(name: string, load: () => Promise<Kek>): Promise<Kek> {
    const known = cache.get(name);
    if (known !== undefined && known.until > clock()) return known.kek;
    const kek = load();
    cache.set(name, { kek, until: clock() + cacheMs });
    kek.catch(() => {
      if (cache.get(name)?.kek === kek) cache.take(name);
    });
    return kek;
  }

  async function unwrapRow(owner: Owner, purpose: KeyPurpose, row: Row): Promise<Kek> {
    const context = { ...owner, purpose, version: row.version };
    const bytes = await provider.unwrap(row.wrapped, context);
    const key = createSecretKey(bytes);
    bytes.fill(0);
    if (!timingSafeEqual(keyCheckValue(key), row.key_check_value)) throw new SealBroken();
    return { id: row.id, version: row.version, key };
  }

  async function loadCurrent(owner: Owner, purpose: KeyPurpose): Promise<Kek> {
    const values = [owner.organization, owner.mode, purpose];
    let [row] = await db.run<Row>(selectCurrent, values);
    if (row === undefined) {
      await insertNew(owner, purpose);
      // Whoever came first won; everybody uses the winner's key.
      [row] = await db.run<Row>(selectCurrent, values);
    }
    if (row === undefined) throw new SealBroken();
    return unwrapRow(owner, purpose, row);
  }

  async function insertNew(owner: Owner, purpose: KeyPurpose): Promise<void> {
    const bytes = secureBytes(32);
    const wrapped = await provider.wrap(bytes, { ...owner, purpose, version: 1 });
    const check = keyCheckValue(createSecretKey(bytes));
    bytes.fill(0);
    const id = secureBytes(16).toString('hex');
    await db.run(insertFirst, [id, owner.organization, owner.mode, purpose, wrapped, check]);
  }

  return {
    current: (owner, purpose) =>
      remembered(`${owner.organization} ${owner.mode} ${purpose}`, () =>
        loadCurrent(owner, purpose),
      ),
    named: (owner, purpose, id, version) =>
      remembered(`${owner.organization} ${owner.mode} ${purpose} ${id} ${version}`, async () => {
        const values = [owner.organization, owner.mode, purpose, id, version];
        const [row] = await db.run<Row>(selectNamed, values);
        if (row === undefined) throw new SealBroken();
        return unwrapRow(owner, purpose, row);
      }),
    checkDistinct: async () => {
      const shared = await db.run(selectShared, []);
      if (shared.length > 0) throw new Error('two key-encryption keys are the same key');
    },
    checkUsable: async () => {
      const [row] = await db.run<OwnedRow>(selectAny, []);
      if (row === undefined) return;
      const owner = { organization: row.organization_id, mode: row.mode };
      await unwrapRow(owner, row.purpose, row);
    },
  };
}

/** Tells keys apart without saying anything about them: 16 bytes of an HMAC over a constant. */
export function keyCheckValue(key: KeyObject): Buffer {
  return createHmac('sha256', key).update('payos/key-check-value/v1').digest().subarray(0, 16);
}
