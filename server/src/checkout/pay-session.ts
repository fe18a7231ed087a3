import { schemas } from 'payos-contract';
import type { Scope } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import { type SessionRow, sessionColumns, toSession } from './session.ts';

/** A try to pay a session: which, the how manieth, and whose session it is. */
export type Try = { session: string; number: number; customer: string | null };

/**
 * One row, so that of however many at once one is admitted; and none while a payment of the session
 * is under way, or was made.
 */
const takeTry = statement(
  'checkout.take_try',
  `UPDATE checkout_sessions SET payment_id = $4, tries = tries + 1, problem = NULL,
     updated_at = now()
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND status = 'open'
     AND payment_id IS NULL AND tries = $5 AND tries < $6 AND expires_at > now()
   RETURNING id`,
);
const settleTry = statement(
  'checkout.settle_try',
  `UPDATE checkout_sessions SET
     status = CASE WHEN $4 THEN 'complete' WHEN tries >= $6 THEN 'expired' ELSE status END,
     payment_id = CASE WHEN $4 THEN payment_id END,
     completed_at = CASE WHEN $4 THEN now() END,
     problem = $5, updated_at = now()
   WHERE organization_id = $1 AND id = $2 AND payment_id = $3 AND status = 'open'
   RETURNING ${sessionColumns}`,
);

/**
 * Takes the turn of a payment, in the transaction that writes it down.
 *
 * @throws ApiError `checkout_session_state`: paid, being paid, ended, or another try came first
 */
export async function beginTry(tx: Tx, scope: Scope, one: Try, payment: string): Promise<void> {
  const { organization, mode } = scope;
  const values = [organization, mode, one.session, payment, one.number, schemas.checkoutTriesMax];
  const [taken] = await tx.query<{ id: string }>(takeTry, values);
  if (taken === undefined) throw new ApiError('checkout_session_state');
}

type Paid = {
  organization_id: string;
  id: string;
  status: schemas.PaymentStatus;
  checkout_session_id: string | null;
  decline_code: string | null;
};

/**
 * Writes down in the session what became of its payment, in the transaction that settles that:
 * paid, it is complete; otherwise it is open for another try, or over after too many.
 */
export async function endTry(tx: Tx, payment: Paid): Promise<void> {
  if (payment.checkout_session_id === null) return;
  const isPaid = payment.status === 'succeeded';
  const [row] = await tx.query<SessionRow>(settleTry, [
    ...[payment.organization_id, payment.checkout_session_id, payment.id, isPaid],
    isPaid ? null : problemOf(payment.decline_code),
    schemas.checkoutTriesMax,
  ]);
  if (row === undefined || row.status === 'open') return;
  const type = isPaid ? 'checkout_session.completed' : 'checkout_session.expired';
  tx.event({ type, object: row.id, data: toSession(row) });
}

/** What is no secret between issuer and merchant, by the processor's code. */
const problems: Partial<Record<string, schemas.CheckoutProblem>> = {
  insufficient_funds: 'insufficient_funds',
  card_velocity_exceeded: 'limit_exceeded',
  expired_card: 'expired_card',
  incorrect_number: 'incorrect_number',
  incorrect_cvc: 'incorrect_cvc',
  authentication_required: 'authentication_required',
  processing_error: 'try_again',
};

function problemOf(declineCode: string | null): schemas.CheckoutProblem {
  if (declineCode === null) return 'try_again';
  return problems[declineCode] ?? 'declined';
}
