import type { Context, Scope } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { mutate } from '../core/mutate.ts';
import { type DisabledReason, type EndpointRow, endpointColumns, toEndpoint } from './endpoint.ts';
import { hurryRetries } from './hurry-retries.ts';

const disable = statement(
  'webhooks.disable',
  `UPDATE webhook_endpoints SET status = 'disabled', disabled_reason = $4, updated_at = now()
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND deleted_at IS NULL
     AND status = 'enabled'
   RETURNING ${endpointColumns}`,
);

/** Switches an endpoint off on PayOS's own account and tells the others. Twice changes nothing. */
export async function disableEndpoint(
  ctx: Context,
  scope: Scope,
  id: string,
  reason: DisabledReason,
): Promise<void> {
  await mutate(
    ctx,
    {
      permission: 'system',
      scope,
      audit: (disabled) =>
        disabled
          ? { action: 'webhook_endpoint.disable', object: id, details: { reason } }
          : undefined,
    },
    async (tx) => {
      const values = [scope.organization, scope.mode, id, reason];
      const [row] = await tx.query<EndpointRow>(disable, values);
      if (row === undefined) return false;
      await hurryRetries(tx, scope.organization, id);
      tx.event({ type: 'webhook_endpoint.disabled', object: id, data: toEndpoint(row) });
      return true;
    },
  );
}
