import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { mutate } from '../core/mutate.ts';
import type { VaultClient } from '../vault-client/index.ts';
import {
  type DestinationRow,
  destinationColumns,
  destinationKey,
  noDestination,
  toDestination,
} from './destination.ts';
import { tellVaultLater } from './tell-vault.ts';

const update = statement(
  'forward_destinations.remove',
  `UPDATE forward_destinations SET status = 'removed', removed_at = now(), vault_told_at = NULL
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND status <> 'removed'
   RETURNING ${destinationColumns}`,
);

/** No cards are sent there from now on. The row stays as record. @throws ApiError `not_found` */
export async function removeDestination(
  ctx: ScopedContext,
  vault: VaultClient,
  id: string,
): Promise<schemas.ForwardDestination> {
  const row = await mutate<DestinationRow>(
    ctx,
    {
      permission: 'forwarding:write',
      part: 'none',
      audit: ({ url }) => ({
        action: 'forward_destination.remove',
        object: id,
        details: { url },
      }),
    },
    async (tx) => {
      const [removed] = await tx.query<DestinationRow>(update, destinationKey(ctx, id));
      if (removed === undefined) throw noDestination();
      const data = toDestination(removed);
      tx.event({ type: 'forward_destination.removed', object: id, data });
      return removed;
    },
  );
  await tellVaultLater(ctx, vault, row);
  return toDestination(row);
}
