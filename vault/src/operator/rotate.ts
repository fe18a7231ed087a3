import type { Db } from '../core/db.ts';
import type { KekStore } from '../seal/kek-store.ts';
import { makeKey } from '../seal/kek-store.ts';
import type { KeyProvider } from '../seal/key-provider.ts';
import { countRecords } from './count-records.ts';
import { findToRotate, findUnfinished, type KeyVersion } from './find-keys.ts';
import type { BeginRotation, FinishRotation } from './schemas.ts';
import { settled } from './settled.ts';

type RotationDeps = { db: Db; keks: KekStore; provider: KeyProvider };

/** A key service is asked twice for each: this many fit into a request. */
const atOnce = 50;

const rotateKey = {
  name: 'operator-rotate',
  text: 'SELECT rotate_key($1, $2, $3, $4, $5) AS done',
};
const finishKey = {
  name: 'operator-finish',
  text: `SELECT change_key($1, 'rotate.finish', $2) AS done`,
};

type Begun = {
  /** The versions that were replaced, or would be. */
  rotated: KeyVersion[];
  /** Versions of rotations before that are not over: they are moved first. */
  unfinished: KeyVersion[];
  /** Where to go on, if that was not all. */
  after: string | null;
};

/**
 * Makes new versions of keys the active ones. What lies under the former versions stays readable,
 * and is moved by `moveRecords`; what an Idempotency-Key is recognized by goes within a day. An
 * owner whose last rotation is not over gets no further version.
 *
 * Throws a `Refusal`: `unavailable`.
 */
export async function beginRotation(deps: RotationDeps, asked: BeginRotation): Promise<Begun> {
  const { db, keks, provider } = deps;
  const { older_than_days: days = 0, after = '', dry_run: isDry } = asked;
  const unfinished = await findUnfinished(db, asked);
  const found = await findToRotate(db, asked, days, after, atOnce);
  const rotated: KeyVersion[] = [];
  for (const key of found) {
    if (isDry) rotated.push(key);
    else if (await rotate(db, provider, key, asked.by))
      rotated.push({ ...key, state: 'decrypt_only' });
    keks.forgetCurrent(key, key.purpose);
  }
  const last = found.length === atOnce ? (found.at(-1)?.id ?? null) : null;
  return { rotated, unfinished: after === '' ? unfinished : [], after: last };
}

/** @returns false when somebody else was faster */
async function rotate(
  db: Db,
  provider: KeyProvider,
  { id, organization, mode, purpose, version }: KeyVersion,
  by: string,
): Promise<boolean> {
  const context = { organization, mode, purpose, version: version + 1 };
  const made = await makeKey(provider, context);
  // It takes the place of a key that works: seen to open before anything depends on it.
  (await provider.unwrap(made.wrapped, context)).fill(0);
  const values = [id, made.id, made.wrapped, made.check, by];
  const [row] = await db.run<{ done: boolean }>(rotateKey, values);
  return row?.done === true;
}

type Finished = { finished: KeyVersion[]; left: (KeyVersion & { records: number })[] };

/** Says of former versions that nothing lies under them any more, where that is so. */
export async function finishRotation(db: Db, asked: FinishRotation): Promise<Finished> {
  const keys = await findUnfinished(db, asked);
  if (keys.length === 0) return { finished: [], left: [] };
  await settled(db);
  const { of } = await countRecords(db, keys);
  const withRecords = keys.map((key) => ({ ...key, records: of.get(key.id) ?? 0 }));
  const finished = withRecords.filter(({ records }) => records === 0);
  for (const { id } of finished) await db.run(finishKey, [id, asked.by]);
  return { finished, left: withRecords.filter(({ records }) => records > 0) };
}
