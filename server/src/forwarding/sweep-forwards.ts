import type { Mode } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { type Database, statement } from '../core/db.ts';
import { sweepInPieces } from '../core/sweep.ts';
import { settleForward } from './settle-forward.ts';

/** How long the contents of a forward are kept, in days. */
const keptDays = 30;
const atOnce = 500;

const empty = statement(
  'forwards.empty',
  `WITH gone AS (
     UPDATE forwards SET request = NULL, response = NULL, emptied_at = now()
     WHERE (organization_id, id) IN (
       SELECT organization_id, id FROM forwards
       WHERE emptied_at IS NULL AND created_at < now() - interval '${keptDays} days'
       ORDER BY created_at LIMIT ${atOnce} FOR UPDATE SKIP LOCKED)
     RETURNING 1
   ) SELECT count(*)::integer AS count FROM gone`,
);

/** Removes what was sent and answered once it is kept no longer. That something was sent stays. */
export function sweepForwards(db: Database): Promise<void> {
  return sweepInPieces(db, empty, atOnce);
}

/** Past every deadline of a call, and of what waits for it, in milliseconds. */
const marginMs = 60_000;

const selectLost = statement(
  'forwards.lost',
  `SELECT organization_id, mode, id FROM forwards
   WHERE status = 'sending' AND created_at < now() - $1 * interval '1 millisecond'
   ORDER BY created_at LIMIT 100`,
);

/** Forwards whose process died under way: they may have arrived, and nobody will ever know. */
export async function closeLostForwards(ctx: Context, timeoutMs: number): Promise<void> {
  const rows = await ctx.db.read<{ organization_id: string; mode: Mode; id: string }>(selectLost, [
    timeoutMs + marginMs,
  ]);
  for (const { organization_id: organization, mode, id } of rows) {
    const outcome = { status: 'unknown', failure: 'not_finished' } as const;
    await settleForward(ctx, id, outcome, 'none', { organization, mode });
  }
}
