import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { mutate } from '../core/mutate.ts';
import {
  type EndpointRow,
  endpointColumns,
  endpointKey,
  noEndpoint,
  toEndpoint,
} from './endpoint.ts';
import { hurryRetries } from './hurry-retries.ts';

const deleteEndpoint = statement(
  'webhooks.delete',
  `UPDATE webhook_endpoints SET deleted_at = now(), updated_at = now(), status = 'disabled',
     secret_sealed = NULL
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND deleted_at IS NULL
   RETURNING ${endpointColumns}`,
);

/** Ends an endpoint for good. Its deliveries stay to be looked at. @throws ApiError `not_found` */
export async function deleteEndpointById(ctx: ScopedContext, id: string) {
  return mutate(
    ctx,
    {
      permission: 'webhooks:write',
      audit: () => ({ action: 'webhook_endpoint.delete', object: id }),
    },
    async (tx) => {
      const [row] = await tx.query<EndpointRow>(deleteEndpoint, endpointKey(ctx, id));
      if (row === undefined) throw noEndpoint();
      await hurryRetries(tx, ctx.scope.organization, id);
      tx.event({ type: 'webhook_endpoint.deleted', object: id, data: toEndpoint(row) });
      return { id, deleted: true as const };
    },
  );
}
