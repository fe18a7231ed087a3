import { setTimeout as sleep } from 'node:timers/promises';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';

const selectNewest = statement(
  'events.newest',
  `SELECT xid::text AS xid FROM events WHERE organization_id = $1 AND mode = $2
   ORDER BY xid DESC, id DESC LIMIT 1`,
);
const selectSettled = statement(
  'events.settled',
  'SELECT $1::xid8 < pg_snapshot_xmin(pg_current_snapshot()) AS settled',
);

const pauseMs = 20;
const patienceMs = 1_000;

/**
 * Waits until the newest event of now lies below the snapshot horizon, which is a matter of
 * milliseconds unless somebody holds a transaction open: so that whoever has just made a payment
 * finds its event in the list.
 */
export async function awaitSettled(ctx: ScopedContext): Promise<void> {
  const { organization, mode } = ctx.scope;
  const [newest] = await ctx.db.read<{ xid: string }>(selectNewest, [organization, mode]);
  if (newest === undefined) return;
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pauseMs) {
    const [row] = await ctx.db.read<{ settled: boolean }>(selectSettled, [newest.xid]);
    if (row?.settled === true) return;
    await sleep(pauseMs);
  }
}
