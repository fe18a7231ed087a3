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
import { requireRights, rightsFor } from './event-rights.ts';
import { hurryRetries } from './hurry-retries.ts';

const lockRights = statement(
  'webhooks.lock_rights',
  `SELECT event_rights FROM webhook_endpoints
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND deleted_at IS NULL FOR NO KEY UPDATE`,
);
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
     event_rights = coalesce($9, event_rights),
     updated_at = now()
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND deleted_at IS NULL
   RETURNING ${endpointColumns}`,
);

/**
 * Changes what is given and leaves the rest.
 *
 * @throws ApiError `not_found`, `webhook_url_refused`, `permission_denied` for events that whoever
 *   asks may not see, `more_than_own` where the endpoint gets some already
 */
export async function updateEndpointById(
  ctx: ScopedContext,
  guard: AddressGuard,
  id: string,
  input: schemas.UpdateWebhookEndpoint,
): Promise<schemas.WebhookEndpoint> {
  const url = input.url === undefined ? null : checkUrl(input.url, guard);
  const events = input.events === undefined ? null : [...new Set(input.events)];
  const rights = events === null ? null : rightsFor(ctx, events);
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
      const key = endpointKey(ctx, id);
      if (url !== null || events !== null) {
        const [held] = await tx.query<{ event_rights: string[] }>(lockRights, key);
        if (held === undefined) throw noEndpoint();
        requireRights(ctx.actor, held.event_rights);
      }
      const [row] = await tx.query<EndpointRow>(updateEndpoint, [
        ...key,
        url,
        events,
        input.description !== undefined,
        input.description ?? null,
        input.status ?? null,
        rights,
      ]);
      if (row === undefined) throw noEndpoint();
      if (row.status === 'disabled') await hurryRetries(tx, ctx.scope.organization, id);
      const updated = toEndpoint(row);
      tx.event({ type: 'webhook_endpoint.updated', object: id, data: updated });
      return updated;
    },
  );
}
