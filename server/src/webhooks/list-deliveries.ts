import type { schemas } from 'payos-contract';
import type { Static } from 'typebox';
import type { ScopedContext } from '../core/context.ts';
import { listPage, type PageOf } from '../core/page.ts';
import { type DeliveryRow, toDeliveries } from './delivery.ts';
import { getEndpoint } from './get-endpoint.ts';

/** What was sent to an endpoint, newest first. @throws ApiError `not_found` */
export async function listDeliveries(
  ctx: ScopedContext,
  endpoint: string,
  query: Static<typeof schemas.ListDeliveries>,
): Promise<PageOf<schemas.Delivery>> {
  const { id } = await getEndpoint(ctx, endpoint);
  const page = await listPage<DeliveryRow, 'webhook_deliveries'>(
    ctx.db,
    'webhook_deliveries',
    ctx.scope,
    query,
    (rows) => {
      let found = rows.where('endpoint_id', '=', id);
      if (query.status) found = found.where('status', '=', query.status);
      if (query.event) found = found.where('event_id', '=', query.event);
      return found;
    },
  );
  const data = await toDeliveries(ctx.db.read, ctx.scope.organization, page.data);
  return { ...page, data };
}
