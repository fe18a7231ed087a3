import { formatAmount } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { spendingKeyOf } from '../core/key-limits.ts';
import type { Tx } from '../core/mutate.ts';

/** One row per day, so that no two payments at once are admitted where there is room for one. */
const count = statement(
  'keys.count_spending',
  `INSERT INTO api_key_spending AS s (organization_id, key_id, day, currency, amount)
   SELECT $1, $2, (now() AT TIME ZONE 'UTC')::date, $3, $4::bigint WHERE $4::bigint <= $5::bigint
   ON CONFLICT (organization_id, key_id, day, currency)
   DO UPDATE SET amount = s.amount + excluded.amount
     WHERE s.amount + excluded.amount <= $5::bigint
   RETURNING day::text`,
);
const takeBack = statement(
  'keys.take_back_spending',
  `UPDATE api_key_spending s SET amount = s.amount - a.amount
   FROM attempts a JOIN payments p ON p.organization_id = a.organization_id AND p.id = a.payment_id
   WHERE a.organization_id = $1 AND a.payment_id = $2 AND a.kind = $3
     AND ($4::text IS NULL OR a.id = $4)
     AND s.organization_id = $1 AND s.key_id = a.capped_key_id AND s.day = a.capped_day
     AND s.currency = p.currency`,
);

/** In whose sum of which UTC day an attempt counts. */
export type Counted = { key: string; day: string };

/**
 * Counts an amount against what its key may ask for in a day, in the transaction of the attempt.
 * All keys of a chain of rotations share one day: a new key is no new day.
 *
 * @param amount minor units
 * @param perDay the cap, minor units; undefined: there is none, and nothing is counted
 * @throws ApiError `key_daily_amount_exceeded`
 */
export async function countSpending(
  tx: Tx,
  ctx: ScopedContext,
  amount: number,
  currency: string,
  perDay: number | undefined,
): Promise<Counted | undefined> {
  if (perDay === undefined) return undefined;
  const { organization } = ctx.scope;
  const key = spendingKeyOf(ctx.actor);
  const values = [organization, key, currency, amount, perDay];
  const [counted] = await tx.query<{ day: string }>(count, values);
  if (counted !== undefined) return { key, day: counted.day };
  const detail = `At most ${formatAmount(perDay, currency)} a day, counted in UTC.`;
  throw new ApiError('key_daily_amount_exceeded', { detail, param: 'amount' });
}

/** Takes out again what did not come about: a declined payment, a canceled one, a failed refund. */
export async function takeBackSpending(
  tx: Tx,
  attempt: { organization: string; payment: string; kind: string; id?: string | undefined },
): Promise<void> {
  const { organization, payment, kind, id = null } = attempt;
  await tx.query(takeBack, [organization, payment, kind, id]);
}
