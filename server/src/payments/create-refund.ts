import { formatAmount, type schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { requireAmount, requireCustomer } from '../core/key-limits.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { countSpending } from '../keys/index.ts';
import type { PaymentDependencies } from './call-processor.ts';
import { type PaymentRow, paymentColumns } from './payment.ts';
import { performAttempt } from './perform-attempt.ts';
import { type RefundRow, refundColumns, toRefund } from './refund.ts';
import type { OpenAttempt } from './settle-attempt.ts';
import { writeAttempt } from './write-attempt.ts';

const reserve = statement(
  'payments.reserve_refund',
  `UPDATE payments SET updated_at = now(), amount_refund_pending = amount_refund_pending
     + coalesce($4, amount_captured - amount_refunded - amount_refund_pending)
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND status = 'succeeded'
     AND amount_captured - amount_refunded - amount_refund_pending >= coalesce($4, 1)
   RETURNING ${paymentColumns}`,
);
const selectPayment = statement(
  'payments.get_for_refund',
  `SELECT ${paymentColumns} FROM payments WHERE organization_id = $1 AND mode = $2 AND id = $3
   FOR UPDATE`,
);
const insertRefund = statement(
  'refunds.insert',
  `INSERT INTO refunds (organization_id, id, mode, payment_id, status, amount, currency, reason,
     metadata)
   VALUES ($1, $2, $3, $4, 'pending', $5, $6, $7, $8) RETURNING ${refundColumns}`,
);

/**
 * Sends money back. Its share of the captured amount is reserved under the payment's row lock
 * before the processor is asked, and the table's own constraint stands behind that.
 *
 * @throws ApiError `not_found`, `payment_state`, `refund_amount_too_large`, and what the caps of
 *   the key refuse
 */
export async function createRefund(
  ctx: ScopedContext,
  deps: PaymentDependencies,
  input: schemas.CreateRefund,
): Promise<schemas.Refund> {
  const { payment, attempt } = await recordIntent(ctx, deps, input);
  const answer = await performAttempt(ctx, deps, payment, attempt, undefined, ({ refund }) => {
    if (refund === undefined) throw new Error('a refund attempt without a refund');
    return toRefund(refund);
  });
  return answer as schemas.Refund;
}

async function recordIntent(
  ctx: ScopedContext,
  deps: PaymentDependencies,
  input: schemas.CreateRefund,
): Promise<{ payment: PaymentRow; attempt: OpenAttempt }> {
  const { organization, mode } = ctx.scope;
  const refundId = newId('refund');
  return mutate(
    ctx,
    {
      permission: 'refunds:write',
      part: ctx.idempotency === undefined ? 'none' : { first: refundId },
      audit: ({ attempt }) => ({
        action: 'refund.create',
        object: refundId,
        details: { payment: input.payment, amount: attempt.amount },
      }),
    },
    async (tx) => {
      const { payment, amount } = await reserveShare(tx, ctx, input);
      const { currency } = payment;
      const perDay = requireAmount(ctx.actor, amount, currency);
      const counted = await countSpending(tx, ctx, amount, currency, perDay);
      const attempt: OpenAttempt = {
        organization_id: organization,
        mode,
        id: newId('attempt'),
        kind: 'refund',
        amount,
        payment_id: payment.id,
        refund_id: refundId,
      };
      await Promise.all([
        tx.query<RefundRow>(insertRefund, [
          ...[organization, refundId, mode, payment.id, amount, payment.currency],
          ...[input.reason ?? null, JSON.stringify(input.metadata ?? {})],
        ]),
        writeAttempt(tx, attempt, deps, counted),
      ]);
      return { payment, attempt };
    },
  );
}

async function reserveShare(
  tx: Tx,
  ctx: ScopedContext,
  input: schemas.CreateRefund,
): Promise<{ payment: PaymentRow; amount: number }> {
  const { organization, mode } = ctx.scope;
  const values = [organization, mode, input.payment];
  const [before] = await tx.query<PaymentRow>(selectPayment, values);
  if (before === undefined) throw new ApiError('not_found', { param: 'payment' });
  requireCustomer(ctx.actor, before.customer_id);
  if (before.status !== 'succeeded') {
    const detail = `The payment is ${before.status}; only a succeeded one can be refunded.`;
    throw new ApiError('payment_state', { detail, payment: before.id });
  }
  const [payment] = await tx.query<PaymentRow>(reserve, [...values, input.amount ?? null]);
  if (payment === undefined) {
    const left = before.amount_captured - before.amount_refunded - before.amount_refund_pending;
    const detail = `${formatAmount(left, before.currency)} is left to refund.`;
    throw new ApiError('refund_amount_too_large', { detail, param: 'amount', payment: before.id });
  }
  return { payment, amount: payment.amount_refund_pending - before.amount_refund_pending };
}
