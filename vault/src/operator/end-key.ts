import type { Db } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import { countRecords } from './count-records.ts';
import { findKey, type KeyVersion } from './find-keys.ts';
import type { AboutKey, DestroyKey } from './schemas.ts';
import { settled } from './settled.ts';

const changeKey = {
  name: 'operator-change-key',
  text: 'SELECT change_key($1, $2, $3, make_interval(secs => $4)) AS done',
};

const dayMs = 86_400_000;

/**
 * Takes a former version out of use, when nothing lies under it any more: what should turn up under
 * it does not open, and {@link restoreKey} helps. Throws {@link Refusal}: `not_found`,
 * `vault_key_state`, `key_in_use`.
 */
export async function retireKey(db: Db, { key: id, by }: AboutKey): Promise<KeyVersion> {
  const key = await find(db, id);
  requireState(key, 'decrypt_only');
  await settled(db);
  await requireEmpty(db, key);
  return change(db, id, 'retire', by);
}

/** Undoes {@link retireKey}. Throws {@link Refusal}: `not_found`, `vault_key_state`. */
export async function restoreKey(db: Db, { key: id, by }: AboutKey): Promise<KeyVersion> {
  requireState(await find(db, id), 'retired');
  return change(db, id, 'restore', by);
}

/**
 * Removes the wrapped key from the database, for good: what was sealed under it cannot be opened by
 * anybody who has not both an older copy of the database and the root. Throws {@link Refusal}:
 * `not_found`, `vault_key_state`, `key_in_use`, `too_early`, `invalid_request`.
 *
 * @param waitMs how long a key has to be retired before
 */
export async function destroyKey(db: Db, asked: DestroyKey, waitMs: number): Promise<KeyVersion> {
  const { key: id, confirm, at_once: atOnce, by } = asked;
  const key = await find(db, id);
  if (confirm !== id) {
    throw new Refusal('invalid_request', { detail: 'Confirm with the id of the key.' });
  }
  requireState(key, 'retired');
  if (atOnce && key.mode === 'live') {
    throw new Refusal('too_early', { detail: 'Keys of live mode are never destroyed at once.' });
  }
  const wait = atOnce ? 0 : Math.max(waitMs, key.mode === 'live' ? dayMs : 0);
  await requireEmpty(db, key);
  const [row] = await db.run<{ done: boolean | null }>(changeKey, [id, 'destroy', by, wait / 1000]);
  if (row?.done !== true) {
    const from = new Date(Date.parse(key.state_at) + wait).toISOString();
    const why = `${wait / dayMs} days after it was retired`;
    const detail = `It can be destroyed from ${from} on, ${why}.`;
    throw new Refusal('too_early', { detail });
  }
  return find(db, id);
}

async function find(db: Db, id: string): Promise<KeyVersion> {
  const key = await findKey(db, id);
  if (key === undefined) throw new Refusal('not_found', { detail: 'There is no key of this id.' });
  return key;
}

function requireState({ state }: KeyVersion, wanted: KeyVersion['state']): void {
  if (state === wanted) return;
  throw new Refusal('vault_key_state', {
    detail: `It is ${state}; for this it has to be ${wanted}.`,
  });
}

/** Cards above all: what a key opens must be gone before the key. */
async function requireEmpty(db: Db, key: KeyVersion): Promise<void> {
  const records = (await countRecords(db, [key])).of.get(key.id) ?? 0;
  if (records === 0) return;
  throw new Refusal('key_in_use', { detail: `${records} records lie under it: rotate first.` });
}

async function change(db: Db, id: string, step: string, by: string): Promise<KeyVersion> {
  const [row] = await db.run<{ done: boolean | null }>(changeKey, [id, step, by, 0]);
  const key = await find(db, id);
  if (row?.done !== true)
    throw new Refusal('vault_key_state', { detail: `It is ${key.state} by now.` });
  return key;
}
