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
): Promise<schemas.Payment | schemas.Refund | Reply> {
  if (isId('refund', object)) return getRefund(ctx, object);
  return answerPayment(await findPayment(ctx, object), ctx.requestId);
}
