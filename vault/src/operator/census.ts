import type { Db } from '../core/db.ts';
import { countRecords } from './count-records.ts';
import { findKeys, type KeyVersion } from './find-keys.ts';
import type { Which } from './schemas.ts';

export type Census = {
  keys: (KeyVersion & { records: number })[];
  /** Records that name a key which is not in the database. */
  strays: number;
};

/** How many records lie under each version of each key. */
export async function takeCensus(db: Db, which: Which): Promise<Census> {
  const counts = await countRecords(db);
  const all = await findKeys(db, {});
  const known = new Set(all.map(({ id }) => id));
  const strays = [...counts].filter(([id]) => !known.has(id));
  const keys = (await findKeys(db, which)).map((key) => ({
    ...key,
    records: counts.get(key.id) ?? 0,
  }));
  return { keys, strays: strays.reduce((sum, [, records]) => sum + records, 0) };
}
