import type { Mode } from 'payos-contract';
import type { Context, Scope } from '../../core/context.ts';
import { type Statement, statement } from '../../core/db.ts';
import { mutate, type Tx } from '../../core/mutate.ts';
import { holdKey } from '../change-key.ts';
import { type ApiKeyRow, toApiKey } from '../key-row.ts';

/** A key of which something is to be told. */
type Candidate = {
  organization_id: string;
  id: string;
  mode: Mode;
  ends: 'expiry' | 'age';
  due_at: string;
  /** How many days before it; 0: it is past. */
  days: number;
};

/** What is told in one go; the rest follows with the next. */
export const candidatesMax = 100;

const insertReminder = statement(
  'keys.remind',
  `INSERT INTO api_key_reminders (organization_id, key_id, ends, due_at, days)
   VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING days`,
);

/**
 * Tells of each candidate in a transaction of its own, once: whoever comes second finds the
 * reminder there.
 */
export async function tellOnce(
  ctx: Context,
  candidates: Statement,
  tell: (tx: Tx, key: ApiKeyRow, why: Candidate) => Promise<void>,
): Promise<void> {
  const found = await ctx.db.read<Candidate>(candidates);
  for (const why of found) {
    const { organization_id: organization, id, mode, ends, due_at, days } = why;
    const scope: Scope = { organization, mode };
    const quiet = { permission: 'system', scope, audit: () => undefined } as const;
    await mutate(ctx, quiet, async (tx) => {
      const key = await holdKey(tx, scope, id);
      // It may have been rotated, revoked or given another end since it was found.
      const isSo = ends === 'expiry' ? key.expires_at === due_at : key.due_at === due_at;
      if (!isSo || key.revoked_at !== null || key.successor_id !== null) return;
      const values = [organization, id, ends, due_at, days];
      const first = await tx.query(insertReminder, values);
      if (first.length > 0) await tell(tx, key, why);
    });
  }
}

/** The key as events show it, with when it is due. */
export function eventData(key: ApiKeyRow) {
  return { ...toApiKey(key), due_at: key.due_at };
}
