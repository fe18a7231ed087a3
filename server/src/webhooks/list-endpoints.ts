import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { listPage, type PageOf, type PageQuery } from '../core/page.ts';
import { type EndpointRow, toEndpoint } from './endpoint.ts';

/** Endpoints of this organization and mode, newest first. */
export async function listEndpoints(
  ctx: ScopedContext,
  query: PageQuery,
): Promise<PageOf<schemas.WebhookEndpoint>> {
  const page = await listPage<EndpointRow, 'webhook_endpoints'>(
    ctx.db,
    'webhook_endpoints',
    ctx.scope,
    query,
    (rows) => rows.where('deleted_at', 'is', null),
  );
  return { ...page, data: page.data.map(toEndpoint) };
}
