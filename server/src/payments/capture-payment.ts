import { formatAmount, type schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';
import { Reply } from '../core/http/route.ts';
import type { PaymentDependencies } from './call-processor.ts';
import { toPayment } from './payment.ts';
import type { Settled } from './settle-attempt.ts';
import { startOperation } from './start-operation.ts';

/**
 * Captures an authorized payment, once; what is not captured is released.
 *
 * @throws ApiError `not_found`, `payment_state`, `payment_busy`, `capture_amount_too_large`
 */
export async function capturePayment(
  ctx: ScopedContext,
  deps: PaymentDependencies,
  id: string,
  amount: number | undefined,
): Promise<schemas.Payment | Reply> {
  const answer = await startOperation(
    ctx,
    deps,
    {
      kind: 'capture',
      payment: id,
      amount: (payment) => {
        const wanted = amount ?? payment.amount;
        if (wanted <= payment.amount) return wanted;
        const most = formatAmount(payment.amount, payment.currency);
        const detail = `At most ${most} can be captured.`;
        throw new ApiError('capture_amount_too_large', { detail, param: 'amount' });
      },
    },
    (settled) => answerOperation(settled, ctx.requestId),
  );
  return answer as schemas.Payment | Reply;
}

/** The payment after a capture or cancel; an error when the processor refused it. */
export function answerOperation(
  { payment }: Settled,
  requestId: string | undefined,
): schemas.Payment | Reply {
  if (payment.status !== 'requires_capture') return toPayment(payment);
  return refusedOperation(payment.id, payment.failure, requestId);
}

/** A capture or cancel that the processor did not do. */
export function refusedOperation(
  payment: string,
  failure: string | null,
  requestId: string | undefined,
): Reply {
  const detail = `The processor refused: ${failure ?? 'no reason given'}.`;
  const error = new ApiError('processor_error', { detail, payment });
  return new Reply(error.status, error.toProblem(requestId ?? ''));
}
