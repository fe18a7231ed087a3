import { setImmediate as turn } from 'node:timers/promises';
import { monotonicMs } from '../core/clock.ts';
import type { Db } from '../core/db.ts';
import type { Log } from '../core/log.ts';
import type { KekStore } from '../seal/kek-store.ts';
import { blocksOf, startOf } from './count-records.ts';
import { findUnfinished, type KeyVersion } from './find-keys.ts';
import { cardMover } from './move-cards.ts';
import { fingerprintMover } from './move-fingerprints.ts';
import type { MoveRecords } from './schemas.ts';

type MoveDeps = { db: Db; keks: KekStore; log: Log };

type Moved = {
  /** Blocks of the table, those that were looked at now, and where to go on; null at the end. */
  blocks: number;
  next: number | null;
  moved: number;
  /** Records that somebody else has in hand, or moved or shredded meanwhile. */
  busy: number;
  /** Tokens whose card does not open: nothing was done to them. At most twenty. */
  broken: string[];
};

/** How records of one kind get from former keys to the active ones. */
export type Mover<Row extends { token: string }, Change> = {
  table: 'cards' | 'fingerprints';
  /** Blocks at once: some hundred rows, read, moved, and written in one statement. */
  blocks: number;
  /** The records in a range of blocks that lie under these keys. */
  read: (db: Db, range: readonly [string, string], keys: readonly KeyVersion[]) => Promise<Row[]>;
  /** The record under the active key of the same owner; nothing if it does not open. */
  move: (keks: KekStore, keys: readonly KeyVersion[], row: Row) => Promise<Change | undefined>;
  /** @returns how many were still what was read */
  write: (db: Db, changes: readonly Change[]) => Promise<number>;
};

/** How long one step may take, so that its caller can show how far it is, and stop. */
const stepMs = 500;
/** Payments want the processor, too. */
const recordsPerTurn = 25;
const brokenMost = 20;

/**
 * Moves records that lie under former keys to the active ones: one step of a walk through their
 * table, in the order in which it lies on the disk. Each statement is a transaction, and says
 * itself where it was: whenever the vault dies, each record is under the one key or under the
 * other, and a walk from the beginning finds what is left.
 *
 * @throws Refusal `unavailable` when keys cannot be had
 */
export async function moveRecords(deps: MoveDeps, asked: MoveRecords): Promise<Moved> {
  const { purpose = 'card' } = asked;
  const keys = await findUnfinished(deps.db, { ...asked, purpose });
  if (purpose === 'fingerprint') return walk(deps, asked, keys, fingerprintMover);
  return walk(deps, asked, purpose === 'card' ? keys : [], cardMover);
}

async function walk<Row extends { token: string }, Change>(
  deps: MoveDeps,
  asked: MoveRecords,
  keys: readonly KeyVersion[],
  mover: Mover<Row, Change>,
): Promise<Moved> {
  const blocks = await blocksOf(deps.db, mover.table);
  const done: Moved = { blocks, next: asked.from, moved: 0, busy: 0, broken: [] };
  const until = monotonicMs() + stepMs;
  // While PostgreSQL writes some, the next are worked on.
  let writing = Promise.resolve();
  while (done.next !== null && monotonicMs() < until) {
    if (done.next >= blocks || keys.length === 0) done.next = null;
    else {
      const changes = await prepare(deps, mover, done, done.next, keys);
      await writing;
      writing = write(deps.db, mover, done, changes);
      // It is awaited below, or in the next turn.
      writing.catch(() => {});
      done.next += mover.blocks;
      if (done.broken.length > (asked.skip_broken ? brokenMost : 0)) break;
    }
  }
  await writing;
  return { ...done, broken: done.broken.slice(0, brokenMost) };
}

async function prepare<Row extends { token: string }, Change>(
  deps: MoveDeps,
  mover: Mover<Row, Change>,
  done: Moved,
  from: number,
  keys: readonly KeyVersion[],
): Promise<Change[]> {
  const range = [startOf(from), startOf(from + mover.blocks)] as const;
  const rows = await mover.read(deps.db, range, keys);
  const changes: Change[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % recordsPerTurn === recordsPerTurn - 1) await turn();
    const change = await mover.move(deps.keks, keys, row);
    if (change !== undefined) changes.push(change);
    else {
      deps.log('error', 'card_not_moved', { token: row.token });
      done.broken.push(row.token);
    }
  }
  return changes;
}

async function write<Row extends { token: string }, Change>(
  db: Db,
  mover: Mover<Row, Change>,
  done: Moved,
  changes: readonly Change[],
): Promise<void> {
  if (changes.length === 0) return;
  const moved = await mover.write(db, changes);
  done.moved += moved;
  done.busy += changes.length - moved;
}
