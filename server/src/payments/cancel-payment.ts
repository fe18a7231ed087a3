import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import type { Reply } from '../core/http/route.ts';
import type { PaymentDependencies } from './call-processor.ts';
import { answerOperation } from './capture-payment.ts';
import { startOperation } from './start-operation.ts';

/**
 * Releases an authorization that will not be captured.
 *
 * @throws ApiError `not_found`, `payment_state`, `payment_busy`
 */
export async function cancelPayment(
  ctx: ScopedContext,
  deps: PaymentDependencies,
  id: string,
  reason: string | undefined,
): Promise<schemas.Payment | Reply> {
  const answer = await startOperation(
    ctx,
    deps,
    {
      kind: 'cancel',
      payment: id,
      amount: (payment) => payment.amount,
      ...(reason === undefined ? {} : { details: { reason } }),
    },
    (settled) => answerOperation(settled, ctx.requestId),
  );
  return answer as schemas.Payment | Reply;
}
