import type { schemas } from 'payos-contract';
import { holds, type ScopedContext } from '../core/context.ts';
import { requireCustomer } from '../core/key-limits.ts';
import { type PageOf, requireOneCursor, toPage } from '../core/page.ts';
import { toPayment } from './payment.ts';
import { paymentPage } from './payment-page.ts';

/** Payments of this organization and mode, newest first. A bound key names its customer. */
export async function listPayments(
  ctx: ScopedContext,
  query: schemas.ListPayments,
): Promise<PageOf<schemas.Payment>> {
  requireOneCursor(query);
  requireCustomer(ctx.actor, query.customer);
  const limit = query.limit ?? 20;
  const seesCustomers = holds(ctx.actor, 'customers:read');
  const statement = paymentPage(ctx.scope, query, limit + 1, seesCustomers);
  const { rows } = await statement.execute(ctx.db.lists);
  const page = toPage(rows, limit, query.before !== undefined);
  return { ...page, data: page.data.map(toPayment) };
}
