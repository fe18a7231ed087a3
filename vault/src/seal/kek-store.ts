import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Db, Statement } from '../core/db.ts';
import type { Log } from '../core/log.ts';
import { secureBytes } from '../core/random.ts';
import { createKekMemory, type KekTimes, kekTimes } from './kek-memory.ts';
import { createKekNames } from './kek-names.ts';
import {
  type KeyContext,
  type KeyProvider,
  type KeyPurpose,
  type Owner,
  SealBroken,
} from './key-provider.ts';
import { nameOfRoot } from './key-service.ts';
import type { KekName } from './record.ts';

/** A key-encryption key, or the MAC key of a purpose that only authenticates. */
export type Kek = { id: string; version: number; key: KeyObject };

export type KekStore = {
  /**
   * The key to use for new data; made on first use. Another process may have rotated it up to two
   * seconds ago. Throws {@link KeyServiceFailed}.
   */
  current(owner: Owner, purpose: KeyPurpose): Promise<Kek>;
  /** That key, and behind it the former ones whose rotation is not over. */
  inUse(owner: Owner, purpose: KeyPurpose): Promise<Kek[]>;
  /** The next {@link KekStore.current} looks which key it is. */
  forgetCurrent(owner: Owner, purpose: KeyPurpose): void;
  /**
   * The key that a record's header names. Throws {@link SealBroken} if the owner has none such or
   * it is retired, {@link KeyServiceFailed} when it cannot be had.
   */
  named(owner: Owner, purpose: KeyPurpose, id: string, version: number): Promise<Kek>;
  /** The same by its version alone. */
  ofVersion(owner: Owner, purpose: KeyPurpose, version: number): Promise<Kek>;
  /** Boot check: throws unless every two owners, modes and purposes have different keys. */
  checkDistinct(): Promise<void>;
  /** Boot check: throws {@link RootUnknown} if the provider cannot open some of the keys. */
  checkRoots(): Promise<void>;
  /** Throws unless the database answers and the provider can still unwrap a key. */
  checkUsable(): Promise<void>;
};

/** Keys in the database need a root that is not configured. */
class RootUnknown extends Error {
  constructor(count: number, names: readonly string[]) {
    super(
      `${count} keys in the database are wrapped by ${names.join(' and ')}. To ` +
        'open them, set PAYOS_VAULT_OLD_KEY_PROVIDER, or name the old key after the new one; see ' +
        'docs/vault-keys.md.',
    );
  }
}

type Row = { id: string; version: number; wrapped: Buffer; key_check_value: Buffer };
type OwnedRow = Row & { organization_id: string; mode: Owner['mode']; purpose: KeyPurpose };

const columns = 'id, version, wrapped, key_check_value';
const selectInUse = {
  name: 'kek-in-use',
  text: `SELECT id, version FROM keks WHERE organization_id = $1 AND mode = $2 AND purpose = $3
           AND (state = 'active' OR (state = 'decrypt_only' AND emptied_at IS NULL))
         ORDER BY state = 'active' DESC, version DESC`,
};
const selectNamed = {
  name: 'kek-named',
  text: `SELECT ${columns} FROM keks WHERE id = $4 AND version = $5
         AND organization_id = $1 AND mode = $2 AND purpose = $3
         AND state IN ('active', 'decrypt_only')`,
};
const selectVersion = {
  name: 'kek-version',
  text: `SELECT ${columns} FROM keks WHERE organization_id = $1 AND mode = $2 AND purpose = $3
         AND version = $4 AND state IN ('active', 'decrypt_only')`,
};
const insertFirst = {
  name: 'kek-insert',
  text: `INSERT INTO keks (id, organization_id, mode, purpose, version, wrapped, key_check_value)
         VALUES ($1, $2, $3, $4, 1, $5, $6) ON CONFLICT DO NOTHING`,
};
const selectAny = {
  name: 'kek-any',
  text: `SELECT ${columns}, organization_id, mode, purpose FROM keks
         WHERE state = 'active' LIMIT 1`,
};
const selectShared = {
  name: 'kek-shared',
  text: `SELECT key_check_value FROM keks GROUP BY key_check_value HAVING count(*) > 1 LIMIT 1`,
};

const selectRoots = {
  name: 'kek-roots',
  text: `SELECT substring(wrapped FROM 1 FOR CASE get_byte(wrapped, 0) WHEN 1 THEN 5
           ELSE 3 + 256 * get_byte(wrapped, 1) + get_byte(wrapped, 2) END) AS root,
           count(*)::int AS keys
         FROM keks WHERE wrapped IS NOT NULL GROUP BY 1`,
};

/** @param times how long what is remembered */
export function createKekStore(
  db: Db,
  provider: KeyProvider,
  clock: () => number,
  log: Log,
  times: KekTimes = kekTimes,
): KekStore {
  const remembered = createKekMemory(clock, log, times);
  const from = { db, provider };
  const probe = createProbe(from, clock, times.probeMs);
  const names = createKekNames(clock);
  const whatOf = ({ organization, mode }: Owner, purpose: KeyPurpose) =>
    `${organization} ${mode} ${purpose}`;
  const load = (owner: Owner, purpose: KeyPurpose, statement: Statement, values: unknown[]) =>
    remembered([whatOf(owner, purpose), ...values].join(' '), async () => {
      const owned = [owner.organization, owner.mode, purpose, ...values];
      const [row] = await db.run<Row>(statement, owned);
      if (row === undefined) throw new SealBroken();
      return unwrapRow(provider, owner, purpose, row);
    });
  const named: KekStore['named'] = (owner, purpose, id, version) =>
    load(owner, purpose, selectNamed, [id, version]);
  const namesOf = (owner: Owner, purpose: KeyPurpose) =>
    names.get(whatOf(owner, purpose), () => findInUse(from, owner, purpose));
  const forgetCurrent: KekStore['forgetCurrent'] = (owner, purpose) =>
    names.forget(whatOf(owner, purpose));
  return {
    current: async (owner, purpose) => {
      const [active] = await namesOf(owner, purpose);
      if (active === undefined) throw new SealBroken();
      return named(owner, purpose, active.id, active.version);
    },
    inUse: (owner, purpose) => {
      const all = async () => {
        const found = await namesOf(owner, purpose);
        return Promise.all(found.map(({ id, version }) => named(owner, purpose, id, version)));
      };
      return all().catch((error: unknown) => {
        if (!(error instanceof SealBroken)) throw error;
        // A former one may have been retired since it was looked up.
        forgetCurrent(owner, purpose);
        return all();
      });
    },
    forgetCurrent,
    named,
    ofVersion: (owner, purpose, version) => load(owner, purpose, selectVersion, [version]),
    checkDistinct: async () => {
      const shared = await db.run(selectShared, []);
      if (shared.length > 0) throw new Error('two key-encryption keys are the same key');
    },
    checkRoots: async () => {
      const roots = await db.run<{ root: Buffer; keys: number }>(selectRoots, []);
      const unknown = roots.filter(({ root }) => !provider.opens(root));
      const count = unknown.reduce((sum, { keys }) => sum + keys, 0);
      const names = unknown.map(({ root }) => nameOfRoot(root));
      if (count > 0) throw new RootUnknown(count, names);
    },
    checkUsable: probe,
  };
}

type From = { db: Db; provider: KeyProvider };

async function unwrapRow(
  provider: KeyProvider,
  owner: Owner,
  purpose: KeyPurpose,
  row: Row,
): Promise<Kek> {
  const context = { ...owner, purpose, version: row.version };
  const bytes = await provider.unwrap(row.wrapped, context);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  if (!timingSafeEqual(keyCheckValue(key), row.key_check_value)) throw new SealBroken();
  return { id: row.id, version: row.version, key };
}

/** Never empty. */
async function findInUse(from: From, owner: Owner, purpose: KeyPurpose): Promise<KekName[]> {
  const values = [owner.organization, owner.mode, purpose];
  let rows = await from.db.run<KekName>(selectInUse, values);
  if (rows.length === 0) {
    const { id, wrapped, check } = await makeKey(from.provider, { ...owner, purpose, version: 1 });
    await from.db.run(insertFirst, [id, ...values, wrapped, check]);
    // Whoever came first won; everybody uses the winner's key.
    rows = await from.db.run<KekName>(selectInUse, values);
  }
  if (rows.length === 0) throw new SealBroken();
  return rows.map(({ id, version }) => ({ id, version }));
}

/** A new key, of which nothing is left but what the database may hold. */
export async function makeKey(provider: KeyProvider, context: KeyContext) {
  const bytes = secureBytes(32);
  const wrapped = await provider.wrap(bytes, context);
  const check = keyCheckValue(createSecretKey(bytes));
  bytes.fill(0);
  return { id: secureBytes(16).toString('hex'), wrapped, check };
}

/** Looks whether a key of the database can be unwrapped. */
function createProbe({ db, provider }: From, clock: () => number, probeMs: number) {
  const unwrapAny = async () => {
    const [row] = await db.run<OwnedRow>(selectAny, []);
    if (row === undefined) return;
    const owner = { organization: row.organization_id, mode: row.mode };
    await unwrapRow(provider, owner, row.purpose, row);
  };
  const known = { last: Promise.resolve(), until: Number.NEGATIVE_INFINITY };
  return async () => {
    if (!provider.isRemote) return unwrapAny();
    // Each look at a service costs money and counts against its rate.
    const now = clock();
    if (known.until <= now) Object.assign(known, { last: unwrapAny(), until: now + probeMs });
    await Promise.all([known.last, db.run(selectAny, [])]);
  };
}

/** Tells keys apart without saying anything about them: 16 bytes of an HMAC over a constant. */
export function keyCheckValue(key: KeyObject): Buffer {
  return createHmac('sha256', key).update('payos/key-check-value/v1').digest().subarray(0, 16);
}
