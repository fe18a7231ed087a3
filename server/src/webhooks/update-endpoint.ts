import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { mutate } from '../core/mutate.ts';
import type { AddressGuard } from '../egress/index.ts';
import {
  checkUrl,
  type EndpointRow,
  endpointColumns,
  endpointKey,
  noEndpoint,
  toEndpoint,
} from './endpoint.ts';
import { hurryRetries } from './hurry-retries.ts';

/** An endpoint that is switched on again starts with a clean record. */
const updateEndpoint = statement(
  'webhooks.update',
  `UPDATE webhook_endpoints SET
     url = coalesce($4, url),
     events = coalesce($5, events),
     description = CASE WHEN $6 THEN $7 ELSE description END,
     status = coalesce($8, status),
     disabled_reason = CASE WHEN $8 = 'enabled' THEN NULL WHEN $8 = 'disabled'
       THEN coalesce(disabled_reason, 'requested') ELSE disabled_reason END,
     failing_since = CASE WHEN $8 = 'enabled' OR $4 IS NOT NULL THEN NULL ELSE failing_since END,
     updated_at = now()
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND deleted_at IS NULL
   RETURNING ${endpointColumns}`,
);

/**
 * Changes what is given and leaves the rest.
 *
 * @throws ApiError `not_found`, `webhook_url_refused`
 */
export async function updateEndpointById(
  ctx: ScopedContext,
  guard: AddressGuard,
  id: string,
  input: schemas.UpdateWebhookEndpoint,
): Promise<schemas.WebhookEndpoint> {
  const url = input.url === undefined ? null : checkUrl(input.url, guard);
  return mutate(
    ctx,
    {
      permission: 'webhooks:write',
      audit: () => ({
        action: 'webhook_endpoint.update',
        object: id,
        details: { ...input, ...(url === null ? {} : { url }) },
      }),
    },
    async (tx) => {
      const [row] = await tx.query<EndpointRow>(updateEndpoint, [
        ...endpointKey(ctx, id),
        url,
        input.events === undefined ? null : [...new Set(input.events)],
        input.description !== undefined,
        input.description ?? null,
        input.status ?? null,
      ]);
      if (row === undefined) throw noEndpoint();
      if (row.status === 'disabled') await hurryRetries(tx, ctx.scope.organization, id);
      const updated = toEndpoint(row);
      tx.event({ type: 'webhook_endpoint.updated', object: id, data: updated });
      return updated;
    },
  );
}
