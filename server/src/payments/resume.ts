import { isId, type schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import type { Reply } from '../core/http/route.ts';
import { answerPayment } from './answer-payment.ts';
import { findPayment } from './get-payment.ts';
import { getRefund } from './get-refund.ts';

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
  const payment = await findPayment(ctx, object);
  if (onlySettled && payment.status === 'processing') return undefined;
  return answerPayment(payment, ctx.requestId);
}
