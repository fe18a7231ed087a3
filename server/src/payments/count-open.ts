import { type Database, statement } from '../core/db.ts';
import type { Metrics } from '../core/metrics.ts';

const selectOpen = statement(
  'attempts.count_open',
  `SELECT count(*)::integer AS open,
     coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest
   FROM attempts WHERE state IN ('sending', 'unknown')`,
);

/** Shows operators how many payments wait for an outcome, and for how long. */
export async function countOpen(db: Database, metrics: Metrics): Promise<void> {
  const [row] = await db.read<{ open: number; oldest: number }>(selectOpen);
  metrics.attemptsOpen.set(row?.open ?? 0);
  metrics.attemptsOpenOldest.set(row?.oldest ?? 0);
}
