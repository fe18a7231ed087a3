import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { requireCustomer } from '../core/key-limits.ts';
import { type AttemptRow, attemptColumns, toAttempt } from './attempt.ts';
import { type PaymentRow, paymentColumns, toPayment } from './payment.ts';

const selectPayment = statement(
  'payments.get',
  `SELECT ${paymentColumns} FROM payments WHERE organization_id = $1 AND mode = $2 AND id = $3`,
);
const selectAttempts = statement(
  'attempts.of_payment',
  `SELECT ${attemptColumns} FROM attempts WHERE organization_id = $1 AND payment_id = $2
   ORDER BY id LIMIT 200`,
);

/** A payment's row. @throws ApiError `not_found` */
export async function findPayment(ctx: ScopedContext, id: string): Promise<PaymentRow> {
  const { organization, mode } = ctx.scope;
  const [row] = await ctx.db.read<PaymentRow>(selectPayment, [organization, mode, id]);
  if (row === undefined) throw new ApiError('not_found');
  requireCustomer(ctx.actor, row.customer_id);
  return row;
}

const selectAttempt = statement(
  'attempts.get',
  `SELECT ${attemptColumns} FROM attempts WHERE organization_id = $1 AND mode = $2 AND id = $3`,
);

/** One call to a processor. @throws ApiError `not_found` */
export async function findAttempt(ctx: ScopedContext, id: string): Promise<AttemptRow> {
  const { organization, mode } = ctx.scope;
  const [row] = await ctx.db.read<AttemptRow>(selectAttempt, [organization, mode, id]);
  if (row === undefined) throw new ApiError('not_found');
  return row;
}

/** A payment with every call that was made for it. */
export async function getPayment(
  ctx: ScopedContext,
  id: string,
): Promise<schemas.Payment & { attempts: schemas.Attempt[] }> {
  const { organization, mode } = ctx.scope;
  const [[payment] = [], attempts = []] = (await ctx.db.readTogether([
    { what: selectPayment, values: [organization, mode, id] },
    { what: selectAttempts, values: [organization, id] },
  ])) as [PaymentRow[], AttemptRow[]];
  if (payment === undefined) throw new ApiError('not_found');
  requireCustomer(ctx.actor, payment.customer_id);
  return { ...toPayment(payment), attempts: attempts.map(toAttempt) };
}
