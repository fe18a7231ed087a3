import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { requireCustomer } from '../core/key-limits.ts';
import { type PageOf, requireOneCursor, toPage } from '../core/page.ts';
import { type CustomerRow, customerColumns, toCustomer } from './customer.ts';
import { customerPage } from './customer-page.ts';

const selectCustomer = statement(
  'customers.get',
  `SELECT ${customerColumns} FROM customers WHERE organization_id = $1 AND mode = $2 AND id = $3`,
);

/** One customer. @throws ApiError `not_found` */
export async function findCustomer(ctx: ScopedContext, id: string): Promise<schemas.Customer> {
  const { organization, mode } = ctx.scope;
  const [row] = await ctx.db.read<CustomerRow>(selectCustomer, [organization, mode, id]);
  if (row === undefined) throw new ApiError('not_found', { detail: 'No such customer.' });
  requireCustomer(ctx.actor, row.id);
  return toCustomer(row);
}

/** Customers of this organization and mode, newest first. */
export async function listCustomers(
  ctx: ScopedContext,
  query: schemas.ListCustomers,
): Promise<PageOf<schemas.Customer>> {
  requireOneCursor(query);
  const limit = query.limit ?? 20;
  const { rows } = await customerPage(ctx.scope, query, limit + 1).execute(ctx.db.lists);
  const page = toPage(rows, limit, query.before !== undefined);
  return { ...page, data: page.data.map(toCustomer) };
}
