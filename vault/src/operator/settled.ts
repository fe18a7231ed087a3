import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../core/clock.ts';
import type { Db } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';

const longestMs = 15_000;

const selectNext = {
  name: 'operator-next-transaction',
  text: 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next',
};
const selectOldest = {
  name: 'operator-oldest-transaction',
  text: 'SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8 AS over',
};

/**
 * Waits until all transactions that have changed something by now are over. A card that was about
 * to be stored under a former key when that stopped being the active one is there then, or never.
 *
 * @throws Refusal `unavailable` when one takes longer than the vault's own can
 */
export async function settled(db: Db): Promise<void> {
  const [now] = await db.run<{ next: string }>(selectNext, []);
  const until = monotonicMs() + longestMs;
  while (true) {
    const [row] = await db.run<{ over: boolean }>(selectOldest, [now?.next]);
    if (row?.over === true) return;
    if (monotonicMs() > until) {
      throw new Refusal('unavailable', { detail: 'A transaction in the database does not end.' });
    }
    await sleep(100);
  }
}
