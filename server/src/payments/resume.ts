import { isId, type schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import type { Reply } from '../core/http/route.ts';
import { answerPayment } from './answer-payment.ts';
import { refusedOperation } from './capture-payment.ts';
import { findAttempt, findPayment } from './get-payment.ts';
import { getRefund } from './get-refund.ts';
import { toPayment } from './payment.ts';

/**
 * Answers a repeated request whose first try was cut off after its intent was written: with the
 * state of what it created. Nothing is sent a second time.
 */
export async function resume(
  ctx: ScopedContext,
  object: string,
  onlySettled: boolean,
): Promise<schemas.Payment | schemas.Refund | Reply | undefined> {
  if (isId('refund', object)) {
    const refund = await getRefund(ctx, object);
    return onlySettled && refund.status === 'pending' ? undefined : refund;
  }
  if (isId('attempt', object)) return resumeOperation(ctx, object, onlySettled);
  const payment = await findPayment(ctx, object);
  if (onlySettled && payment.status === 'processing') return undefined;
  return answerPayment(payment, ctx.requestId);
}

/** A capture or cancel is answered by its own outcome, whatever happened to the payment since. */
async function resumeOperation(
  ctx: ScopedContext,
  id: string,
  onlySettled: boolean,
): Promise<schemas.Payment | Reply | undefined> {
  const attempt = await findAttempt(ctx, id);
  const open = attempt.state === 'sending' || attempt.state === 'unknown';
  if (onlySettled && open) return undefined;
  const payment = await findPayment(ctx, attempt.payment_id);
  if (open || attempt.state === 'succeeded') return toPayment(payment);
  return refusedOperation(payment.id, attempt.failure, ctx.requestId);
}
