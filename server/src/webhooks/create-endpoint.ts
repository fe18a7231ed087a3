import { anyEvent, apiVersionLatest, type schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import type { Sealer } from '../core/seal.ts';
import type { AddressGuard } from '../egress/index.ts';
import { checkUrl, type EndpointRow, endpointColumns, toEndpoint } from './endpoint.ts';
import { rightsFor } from './event-rights.ts';
import { newSecret } from './secret.ts';

/** Endpoints of one organization in one mode. */
export const endpointsMax = 16;

/** Makes creations within an organization take turns, so that none miscounts. */
const lockOrganization = statement(
  'webhooks.lock_organization',
  'SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE',
);
const countEndpoints = statement(
  'webhooks.count',
  `SELECT count(*)::integer AS count FROM webhook_endpoints
   WHERE organization_id = $1 AND mode = $2 AND deleted_at IS NULL`,
);
const insertEndpoint = statement(
  'webhooks.insert',
  `INSERT INTO webhook_endpoints (organization_id, id, mode, url, events, description,
     api_version, secret_sealed, event_rights)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${endpointColumns}`,
);

type EndpointDependencies = { sealer: Sealer; guard: AddressGuard };

/**
 * Creates an endpoint. The answer is the only place where its secret ever appears.
 *
 * @throws ApiError `webhook_url_refused`, `endpoint_limit_reached`, `permission_denied` for events
 *   that the maker may not see
 */
export async function createEndpoint(
  ctx: ScopedContext,
  { sealer, guard }: EndpointDependencies,
  input: schemas.CreateWebhookEndpoint,
): Promise<schemas.WebhookEndpoint & { secret: string }> {
  const url = checkUrl(input.url, guard);
  const { organization, mode } = ctx.scope;
  const id = newId('webhookEndpoint');
  const { secret, sealed } = newSecret(sealer, id);
  const events: string[] = [...new Set(input.events ?? [anyEvent])];
  const rights = rightsFor(ctx, events);
  return mutate(
    ctx,
    {
      permission: 'webhooks:write',
      audit: () => ({ action: 'webhook_endpoint.create', object: id, details: { url, events } }),
    },
    async (tx) => {
      // Both travel together; the count begins once the lock is ours.
      const [, [counted]] = await Promise.all([
        tx.query(lockOrganization, [organization]),
        tx.query<{ count: number }>(countEndpoints, [organization, mode]),
      ]);
      if (counted === undefined || counted.count >= endpointsMax) {
        const detail = `There are ${endpointsMax} endpoints in this mode already.`;
        throw new ApiError('endpoint_limit_reached', { detail });
      }
      const [row] = await tx.query<EndpointRow>(insertEndpoint, [
        ...[organization, id, mode, url, events, input.description ?? null],
        ...[apiVersionLatest, sealed, rights],
      ]);
      if (row === undefined) throw new Error('the endpoint was not inserted');
      const created = toEndpoint(row);
      tx.event({ type: 'webhook_endpoint.created', object: id, data: created });
      return { ...created, secret };
    },
  );
}
