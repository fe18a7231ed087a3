import type { schemas } from 'payos-contract';
import type { Static } from 'typebox';
import type { ScopedContext } from '../core/context.ts';
import { listPage, type PageOf } from '../core/page.ts';
import { type PaymentRow, toPayment } from './payment.ts';

/** Payments of this organization and mode, newest first. */
export async function listPayments(
  ctx: ScopedContext,
  query: Static<typeof schemas.ListPayments>,
): Promise<PageOf<schemas.Payment>> {
  const page = await listPage<PaymentRow, 'payments'>(
    ctx.db,
    'payments',
    ctx.scope,
    query,
    (rows) => {
      let found = rows;
      if (query.status) found = found.where('status', '=', query.status);
      if (query.customer) found = found.where('customer_id', '=', query.customer);
      if (query.reference) found = found.where('reference', '=', query.reference);
      if (query.created_after) found = found.where('created_at', '>', query.created_after);
      if (query.created_before) found = found.where('created_at', '<', query.created_before);
      return found;
    },
  );
  return { ...page, data: page.data.map(toPayment) };
}
