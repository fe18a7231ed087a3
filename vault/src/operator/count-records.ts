import type { Db } from '../core/db.ts';
import type { KeyPurpose } from '../seal/key-provider.ts';
import type { KeyVersion } from './find-keys.ts';

/** Blocks of a table that one statement looks at: 64 MB, well within its time. */
const blocksAtOnce = 8_192;

type Table = 'cards' | 'fingerprints' | 'idempotency_keys';
type Row = { key: string; records: number };

const selectBlocks = {
  name: 'operator-blocks',
  text: `SELECT (pg_relation_size($1::regclass) / current_setting('block_size')::int)::int
           AS blocks`,
};

/**
 * What lies where, and how it names its key: a card by its id, what was made by a MAC key by whose
 * it is and by the version. Of fingerprints there is one for all tokens of a card.
 */
const counters: Record<KeyPurpose, { table: Table; name: string; text: string }> = {
  card: {
    table: 'cards',
    name: 'operator-count-cards',
    text: `SELECT encode(substring(sealed FROM 7 FOR 16), 'hex') AS key, count(*)::int AS records
           FROM cards WHERE ctid >= $1::tid AND ctid < $2::tid GROUP BY 1`,
  },
  fingerprint: {
    table: 'fingerprints',
    name: 'operator-count-fingerprints',
    text: `SELECT concat_ws(' ', organization_id, mode, 'fingerprint', version) AS key,
             count(*)::int AS records
           FROM fingerprints WHERE ctid >= $1::tid AND ctid < $2::tid GROUP BY 1`,
  },
  idempotency: {
    table: 'idempotency_keys',
    name: 'operator-count-requests',
    text: `SELECT concat_ws(' ', organization_id, mode, 'idempotency',
             CASE length(request_mac) WHEN 32 THEN 1
               ELSE ('x' || encode(substring(request_mac FOR 4), 'hex'))::bit(32)::int END) AS key,
             count(*)::int AS records
           FROM idempotency_keys
           WHERE ctid >= $1::tid AND ctid < $2::tid AND request_mac IS NOT NULL GROUP BY 1`,
  },
};

/** How many blocks a table has now. */
export async function blocksOf(db: Db, table: Table): Promise<number> {
  const [row] = await db.run<{ blocks: number }>(selectBlocks, [table]);
  return row?.blocks ?? 0;
}

/** The first row of a block, as PostgreSQL writes it. */
export const startOf = (block: number) => `(${block},0)`;

/**
 * How many records lie under each of these keys, by its id, and how many cards name none of them.
 * Tables are read through, a range of blocks at a time, so that no index has to be kept for it:
 * each row is counted that was there all the time.
 */
export async function countRecords(
  db: Db,
  keys: readonly KeyVersion[],
): Promise<{ of: Map<string, number>; strays: number }> {
  const counts = new Map<string, number>();
  for (const purpose of new Set(keys.map((key) => key.purpose))) {
    const { table, ...statement } = counters[purpose];
    const blocks = await blocksOf(db, table);
    for (let at = 0; at < blocks; at += blocksAtOnce) {
      const range = [startOf(at), startOf(at + blocksAtOnce)];
      for (const { key, records } of await db.run<Row>(statement, range)) {
        counts.set(key, (counts.get(key) ?? 0) + records);
      }
    }
  }
  const of = new Map(keys.map((key) => [key.id, counts.get(nameOf(key)) ?? 0]));
  const isStray = (name: string) => /^[0-9a-f]{32}$/.test(name) && !of.has(name);
  const strays = [...counts].filter(([name]) => isStray(name));
  return { of, strays: strays.reduce((sum, [, records]) => sum + records, 0) };
}

function nameOf({ id, organization, mode, purpose, version }: KeyVersion): string {
  return purpose === 'card' ? id : `${organization} ${mode} ${purpose} ${version}`;
}
