import { setImmediate as turn } from 'node:timers/promises';
import { monotonicMs } from '../core/clock.ts';
import type { Db } from '../core/db.ts';
import type { Log } from '../core/log.ts';
import type { KekStore } from '../seal/kek-store.ts';
import { SealBroken } from '../seal/key-provider.ts';
import { kekNameOf, rewrapRecord } from '../seal/record.ts';
import { blocksOf, startOf } from './count-records.ts';
import { findUnfinished, type KeyVersion } from './find-keys.ts';
import type { MoveRecords } from './schemas.ts';

export type MoveDeps = { db: Db; keks: KekStore; log: Log };

export type Moved = {
  /** Blocks of the table, those that were looked at now, and where to go on; null at the end. */
  blocks: number;
  next: number | null;
  moved: number;
  /** Cards that somebody else has in hand, or moved or shredded meanwhile. */
  busy: number;
  /** Tokens whose card does not open: nothing was done to them. At most twenty. */
  broken: string[];
};

/** How long one step may take, so that its caller can show how far it is, and stop. */
const stepMs = 500;
/** About 500 rows: read, moved, and written in one statement. */
const blocksAtOnce = 16;
/** Payments want the processor, too. */
const recordsPerTurn = 25;
const brokenMost = 20;

const selectCards = {
  name: 'operator-cards-of-keys',
  text: `SELECT token_id AS token, sealed FROM cards
         WHERE ctid >= $1::tid AND ctid < $2::tid
           AND substring(sealed FROM 7 FOR 16) = ANY ($3::bytea[])`,
};
const rewrapCards = {
  name: 'operator-rewrap-cards',
  text: 'SELECT count(*)::int AS moved FROM rewrap_cards($1, $2, $3)',
};

type Row = { token: string; sealed: Buffer };

/**
 * Moves cards that lie under former keys to the active ones: one step of a walk through the table,
 * in the order in which it lies on the disk. Each statement is a transaction, and says itself where
 * it was: whenever the vault dies, each card is under the one key or under the other, and a walk
 * from the beginning finds what is left.
 *
 * @throws Refusal `unavailable` when keys cannot be had
 */
export async function moveRecords(deps: MoveDeps, asked: MoveRecords): Promise<Moved> {
  const isOfCards = (asked.purpose ?? 'card') === 'card';
  const keys = isOfCards ? await findUnfinished(deps.db, { ...asked, purpose: 'card' }) : [];
  const blocks = await blocksOf(deps.db, 'cards');
  const done: Moved = { blocks, next: asked.from, moved: 0, busy: 0, broken: [] };
  const byId = new Map(keys.map((key) => [key.id, key]));
  const until = monotonicMs() + stepMs;
  // While PostgreSQL writes some, the next are worked on.
  let writing = Promise.resolve();
  while (done.next !== null && monotonicMs() < until) {
    if (done.next >= blocks || keys.length === 0) done.next = null;
    else {
      const batch = await prepare(deps, done, done.next, byId);
      await writing;
      writing = write(deps.db, done, batch);
      // It is awaited below, or in the next turn.
      writing.catch(() => {});
      done.next += blocksAtOnce;
      if (done.broken.length > (asked.skip_broken ? brokenMost : 0)) break;
    }
  }
  await writing;
  return { ...done, broken: done.broken.slice(0, brokenMost) };
}

type Batch = { tokens: string[]; before: Buffer[]; after: Buffer[] };

async function prepare(
  deps: MoveDeps,
  done: Moved,
  from: number,
  keys: ReadonlyMap<string, KeyVersion>,
): Promise<Batch> {
  const ids = [...keys.keys()].map((id) => Buffer.from(id, 'hex'));
  const range = [startOf(from), startOf(from + blocksAtOnce)];
  const rows = await deps.db.run<Row>(selectCards, [...range, ids]);
  const batch: Batch = { tokens: [], before: [], after: [] };
  for (const [index, { token, sealed }] of rows.entries()) {
    if (index % recordsPerTurn === recordsPerTurn - 1) await turn();
    const moved = await moveOne(deps.keks, keys, token, sealed);
    if (moved === undefined) {
      deps.log('error', 'card_not_moved', { token });
      done.broken.push(token);
    } else {
      batch.tokens.push(token);
      batch.before.push(sealed);
      batch.after.push(moved);
    }
  }
  return batch;
}

async function write(db: Db, done: Moved, { tokens, before, after }: Batch): Promise<void> {
  if (tokens.length === 0) return;
  const [row] = await db.run<{ moved: number }>(rewrapCards, [tokens, before, after]);
  done.moved += row?.moved ?? 0;
  done.busy += tokens.length - (row?.moved ?? 0);
}

/** The card under the active key of the same owner; nothing if it does not open. */
async function moveOne(
  keks: KekStore,
  keys: ReadonlyMap<string, KeyVersion>,
  token: string,
  sealed: Buffer,
): Promise<Buffer | undefined> {
  try {
    const { id, version } = kekNameOf(sealed);
    const key = keys.get(id);
    if (key === undefined) return undefined;
    const owner = { organization: key.organization, mode: key.mode };
    const [from, to] = await Promise.all([
      keks.named(owner, 'card', id, version),
      keks.current(owner, 'card'),
    ]);
    return rewrapRecord(from, to, { ...owner, token, recordType: 'card' }, sealed);
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
}
