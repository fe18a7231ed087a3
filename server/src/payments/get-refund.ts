import { type RawBuilder, sql } from 'kysely';
import type { schemas } from 'payos-contract';
import type { Scope, ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { isUnbound, requireCustomer } from '../core/key-limits.ts';
import { type PageOf, requireOneCursor, toPage } from '../core/page.ts';
import { along, type Condition, pageOfWays } from '../core/ways.ts';
import { findPayment } from './get-payment.ts';
import { type RefundRow, refundColumns, toRefund } from './refund.ts';

const selectRefund = statement(
  'refunds.get',
  `SELECT ${refundColumns} FROM refunds WHERE organization_id = $1 AND mode = $2 AND id = $3`,
);

/** One refund. @throws ApiError `not_found` */
export async function getRefund(ctx: ScopedContext, id: string): Promise<schemas.Refund> {
  const { organization, mode } = ctx.scope;
  const [row] = await ctx.db.read<RefundRow>(selectRefund, [organization, mode, id]);
  if (row === undefined) throw new ApiError('not_found');
  if (!isUnbound(ctx.actor)) await findPayment(ctx, row.payment_id);
  return toRefund(row);
}

/** Refunds of this organization and mode, newest first. */
export async function listRefunds(
  ctx: ScopedContext,
  query: schemas.ListRefunds,
): Promise<PageOf<schemas.Refund>> {
  requireOneCursor(query);
  if (!isUnbound(ctx.actor)) await requireOwnPayment(ctx, query.payment);
  const limit = query.limit ?? 20;
  const { rows } = await refundPage(ctx.scope, query, limit + 1).execute(ctx.db.lists);
  const page = toPage(rows, limit, query.before !== undefined);
  return { ...page, data: page.data.map(toRefund) };
}

/** A key that is bound to customers sees the refunds of a payment of theirs. */
async function requireOwnPayment(ctx: ScopedContext, payment: string | undefined): Promise<void> {
  if (payment === undefined) requireCustomer(ctx.actor, undefined);
  else await findPayment(ctx, payment);
}

/** The statement of one page of refunds. */
function refundPage(
  scope: Scope,
  query: schemas.ListRefunds,
  count: number,
): RawBuilder<RefundRow> {
  const { payment, status } = query;
  const where: Condition[] = [];
  if (payment !== undefined) where.push(sql`payment_id = ${payment}`);
  if (status !== undefined) where.push(sql`status = ${status}`);
  if (status !== undefined && status !== 'succeeded') where.push(sql`status <> 'succeeded'`);
  const columns = sql.raw(refundColumns);
  const list = { table: 'refunds', kind: 'refund' } as const;
  return pageOfWays<RefundRow>({ ...list, columns, scope, query, where, ways: [along()], count });
}
