import type { Db } from '../core/db.ts';
import { countRecords } from './count-records.ts';
import { findKeys, type KeyVersion } from './find-keys.ts';
import type { Which } from './schemas.ts';

type Census = {
  keys: (KeyVersion & { records: number })[];
  /** Cards that name a key which is not in the database. */
  strays: number;
};

/** How many records lie under each version of each key. */
export async function takeCensus(db: Db, which: Which): Promise<Census> {
  const { purpose } = which;
  const { of, strays } = await countRecords(db, await findKeys(db, purpose ? { purpose } : {}));
  const keys = (await findKeys(db, which)).map((key) => ({ ...key, records: of.get(key.id) ?? 0 }));
  return { keys, strays };
}
