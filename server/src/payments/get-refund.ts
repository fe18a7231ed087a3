import type { schemas } from 'payos-contract';
import type { Static } from 'typebox';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { listPage, type PageOf } from '../core/page.ts';
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
  return toRefund(row);
}

/** Refunds of this organization and mode, newest first. */
export async function listRefunds(
  ctx: ScopedContext,
  query: Static<typeof schemas.ListRefunds>,
): Promise<PageOf<schemas.Refund>> {
  const page = await listPage<RefundRow, 'refunds'>(ctx.db, 'refunds', ctx.scope, query, (rows) =>
    query.payment ? rows.where('payment_id', '=', query.payment) : rows,
  );
  return { ...page, data: page.data.map(toRefund) };
}
