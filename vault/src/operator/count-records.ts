import type { Db } from '../core/db.ts';

/** Blocks of a table that one statement looks at: 64 MB, well within its time. */
const blocksAtOnce = 8_192;

const selectBlocks = {
  name: 'operator-card-blocks',
  text: `SELECT (pg_relation_size('cards') / current_setting('block_size')::int)::int AS blocks`,
};
const countCards = {
  name: 'operator-count-cards',
  text: `SELECT encode(substring(sealed FROM 7 FOR 16), 'hex') AS key, count(*)::int AS records
         FROM cards WHERE ctid >= $1::tid AND ctid < $2::tid GROUP BY 1`,
};

/** How many blocks the table of cards has now. */
export async function blocksOfCards(db: Db): Promise<number> {
  const [row] = await db.run<{ blocks: number }>(selectBlocks, []);
  return row?.blocks ?? 0;
}

/** The first row of a block, as PostgreSQL writes it. */
export const startOf = (block: number) => `(${block},0)`;

/**
 * How many records there are per id of the key they are sealed under. The table is read through, a
 * range of blocks at a time, so that no index has to be kept for it: each of its rows is counted
 * that was there all the time.
 */
export async function countRecords(db: Db): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const blocks = await blocksOfCards(db);
  for (let at = 0; at < blocks; at += blocksAtOnce) {
    const range = [startOf(at), startOf(at + blocksAtOnce)];
    for (const row of await db.run<{ key: string; records: number }>(countCards, range)) {
      counts.set(row.key, (counts.get(row.key) ?? 0) + row.records);
    }
  }
  return counts;
}
