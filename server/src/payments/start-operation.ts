import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { requireAmount, requireCustomer, spendingKeyOf } from '../core/key-limits.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { type Counted, countSpending } from '../keys/index.ts';
import type { PaymentDependencies } from './call-processor.ts';
import { type PaymentRow, paymentColumns } from './payment.ts';
import { performAttempt } from './perform-attempt.ts';
import type { OpenAttempt, Settled } from './settle-attempt.ts';
import { writeAttempt } from './write-attempt.ts';

const lockPayment = statement(
  'payments.lock_in_mode',
  `SELECT ${paymentColumns} FROM payments
   WHERE organization_id = $1 AND mode = $2 AND id = $3 FOR UPDATE`,
);
const occupy = statement(
  'payments.occupy',
  `UPDATE payments SET status = 'processing', active_attempt_id = $3, updated_at = now()
   WHERE organization_id = $1 AND id = $2`,
);
const selectCounted = statement(
  'payments.counted_authorization',
  `SELECT id FROM attempts WHERE organization_id = $1 AND payment_id = $2 AND kind = 'authorize'
     AND capped_key_id = $3`,
);

type Operation = {
  kind: 'capture' | 'cancel';
  payment: string;
  /** The amount to capture or release, given the locked payment; throws when it is too large. */
  amount: (payment: PaymentRow) => number;
  details?: Record<string, unknown>;
};

/**
 * Captures or cancels an authorized payment: intent, call, outcome.
 *
 * @throws ApiError `not_found`, `payment_state`, `payment_busy`, what `amount` throws, and what the
 *   caps of the key refuse
 */
export async function startOperation(
  ctx: ScopedContext,
  deps: PaymentDependencies,
  operation: Operation,
  answer: (settled: Settled) => unknown,
): Promise<unknown> {
  const { payment, attempt } = await recordIntent(ctx, deps, operation);
  return performAttempt(ctx, deps, payment, attempt, undefined, answer);
}

async function recordIntent(
  ctx: ScopedContext,
  deps: PaymentDependencies,
  operation: Operation,
): Promise<{ payment: PaymentRow; attempt: OpenAttempt }> {
  const { organization, mode } = ctx.scope;
  const attemptId = newId('attempt');
  return mutate(
    ctx,
    {
      permission: 'payments:write',
      part: ctx.idempotency === undefined ? 'none' : { first: attemptId },
      audit: ({ attempt }) => ({
        action: `payment.${operation.kind}`,
        object: operation.payment,
        details: { attempt: attemptId, amount: attempt.amount, ...operation.details },
      }),
    },
    async (tx) => {
      const values = [organization, mode, operation.payment];
      const [payment] = await tx.query<PaymentRow>(lockPayment, values);
      if (payment === undefined) throw new ApiError('not_found');
      requireCustomer(ctx.actor, payment.customer_id);
      requireAuthorized(payment);
      const attempt: OpenAttempt = {
        organization_id: organization,
        mode,
        id: attemptId,
        kind: operation.kind,
        amount: operation.amount(payment),
        payment_id: payment.id,
        refund_id: null,
      };
      const counted =
        operation.kind === 'capture'
          ? await countCapture(tx, ctx, payment, attempt.amount)
          : undefined;
      await Promise.all([
        tx.query(occupy, [organization, payment.id, attempt.id]),
        writeAttempt(tx, attempt, deps, counted),
      ]);
      return { payment, attempt };
    },
  );
}

function requireAuthorized({ id, status, active_attempt_id }: PaymentRow): void {
  if (active_attempt_id !== null) throw new ApiError('payment_busy');
  if (status === 'requires_capture') return;
  const detail = `The payment is ${status}; only requires_capture allows this.`;
  throw new ApiError('payment_state', { detail, payment: id });
}

/** A capture counts like a payment, unless its authorization was counted for the same key. */
async function countCapture(
  tx: Tx,
  ctx: ScopedContext,
  { id, currency }: PaymentRow,
  amount: number,
): Promise<Counted | undefined> {
  const perDay = requireAmount(ctx.actor, amount, currency);
  if (perDay === undefined) return undefined;
  const values = [ctx.scope.organization, id, spendingKeyOf(ctx.actor)];
  if ((await tx.query(selectCounted, values)).length > 0) return undefined;
  return countSpending(tx, ctx, amount, currency, perDay);
}
