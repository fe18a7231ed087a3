import type { ScopedContext } from '../core/context.ts';
import { type CardToSend, callProcessor, type PaymentDependencies } from './call-processor.ts';
import type { PaymentRow } from './payment.ts';
import { type OpenAttempt, type Settled, settleAttempt } from './settle-attempt.ts';

/**
 * Makes the call of an attempt whose row is committed and writes down what became of it: the second
 * half of every verb that moves money, and the end of its idempotent request.
 *
 * @param payment as it was when the attempt was written
 * @param card only for authorizations
 */
export async function performAttempt(
  ctx: ScopedContext,
  deps: PaymentDependencies,
  payment: PaymentRow,
  attempt: OpenAttempt,
  card: CardToSend | undefined,
  answer: (settled: Settled) => unknown,
): Promise<unknown> {
  const call = {
    id: attempt.id,
    payment: payment.id,
    kind: attempt.kind,
    amount: attempt.amount,
    currency: payment.currency,
    capture: payment.capture,
    initiatedBy: payment.initiated_by,
    reference: payment.reference,
    processorReference: payment.processor_reference ?? '',
  };
  const outcome = await callProcessor(deps, ctx, call, card);
  const options = { part: 'last' as const, resolveAfterMs: deps.resolveAfterMs };
  return settleAttempt(ctx, attempt, outcome, options, answer);
}
