import type { schemas } from 'payos-contract';
import type { Context, Scope, ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { requireCustomer } from '../core/key-limits.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { noSession } from './get-session.ts';
import { type SessionRow, sessionColumns, toSession } from './session.ts';

const lockSession = statement(
  'checkout.lock',
  `SELECT ${sessionColumns} FROM checkout_sessions
   WHERE organization_id = $1 AND mode = $2 AND id = $3 FOR NO KEY UPDATE`,
);
/** Nothing expires while the outcome of a payment is open. */
const endSession = statement(
  'checkout.expire',
  `UPDATE checkout_sessions SET status = 'expired', updated_at = now()
   WHERE organization_id = $1 AND id = $2 AND status = 'open' AND payment_id IS NULL
   RETURNING ${sessionColumns}`,
);
const selectOverdue = statement(
  'checkout.overdue',
  `SELECT organization_id, mode, id FROM checkout_sessions
   WHERE status = 'open' AND payment_id IS NULL AND expires_at <= now()
   ORDER BY expires_at LIMIT 200`,
);

/**
 * Ends a session before its time. One that has ended stays as it is.
 *
 * @throws ApiError `not_found`; `checkout_session_state` when it is paid or being paid
 */
export async function expireSession(
  ctx: ScopedContext,
  id: string,
): Promise<schemas.CheckoutSession> {
  const { organization, mode } = ctx.scope;
  const audit = () => ({ action: 'checkout_session.expire', object: id });
  return mutate(ctx, { permission: 'checkout:write', audit }, async (tx) => {
    const [row] = await tx.query<SessionRow>(lockSession, [organization, mode, id]);
    if (row === undefined) throw noSession();
    requireCustomer(ctx.actor, row.customer_id);
    if (row.status === 'expired') return toSession(row);
    const ended = await end(tx, organization, id);
    if (ended === undefined) throw new ApiError('checkout_session_state');
    return ended;
  });
}

async function end(
  tx: Tx,
  organization: string,
  id: string,
): Promise<schemas.CheckoutSession | undefined> {
  const [row] = await tx.query<SessionRow>(endSession, [organization, id]);
  if (row === undefined) return undefined;
  const session = toSession(row);
  tx.event({ type: 'checkout_session.expired', object: id, data: session });
  return session;
}

type Overdue = { organization_id: string; mode: Scope['mode']; id: string };

/** Ends the sessions whose time has come. @returns how many there were */
export async function expireSessions(ctx: Context): Promise<number> {
  const overdue = await ctx.db.read<Overdue>(selectOverdue);
  for (const { organization_id: organization, mode, id } of overdue) {
    const audit = (ended: unknown) =>
      ended === undefined ? undefined : { action: 'checkout_session.expire', object: id };
    const mutation = { permission: 'system', scope: { organization, mode }, audit } as const;
    await mutate(ctx, { ...mutation, part: 'none' }, (tx) => end(tx, organization, id));
  }
  return overdue.length;
}
