import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import {
  type EndpointRow,
  endpointColumns,
  endpointKey,
  noEndpoint,
  toEndpoint,
} from './endpoint.ts';

const selectEndpoint = statement(
  'webhooks.get',
  `SELECT ${endpointColumns} FROM webhook_endpoints
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND deleted_at IS NULL`,
);

/** One endpoint. @throws ApiError `not_found` */
export async function getEndpoint(
  ctx: ScopedContext,
  id: string,
): Promise<schemas.WebhookEndpoint> {
  const [row] = await ctx.db.read<EndpointRow>(selectEndpoint, endpointKey(ctx, id));
  if (row === undefined) throw noEndpoint();
  return toEndpoint(row);
}
