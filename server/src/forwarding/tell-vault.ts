import type { Context } from '../core/context.ts';
import { run, statement } from '../core/db.ts';
import type { VaultClient } from '../vault-client/index.ts';
import { type DestinationRow, destinationColumns } from './destination.ts';

/** Only if it is still what the vault was told: a removal meanwhile has to be told, too. */
const markTold = statement(
  'forward_destinations.told',
  `UPDATE forward_destinations SET vault_told_at = now()
   WHERE organization_id = $1 AND id = $2 AND status = $3`,
);
const selectUntold = statement(
  'forward_destinations.untold',
  `SELECT ${destinationColumns} FROM forward_destinations
   WHERE status = 'removed' AND vault_told_at IS NULL ORDER BY removed_at LIMIT 100`,
);

/**
 * Tells the vault where cards may, or may no longer, be sent. May be said twice.
 *
 * @throws ApiError `vault_unavailable`
 */
export async function tellVault(
  ctx: Context,
  vault: VaultClient,
  row: DestinationRow,
): Promise<void> {
  const { organization_id, id, status, url, content_type, fields } = row;
  const scope = { organization: organization_id, mode: row.mode };
  if (status === 'removed') await vault.removeDestination(scope, id, ctx.requestId);
  else {
    const who = { requested_by: row.requester_account, approved_by: row.decider_account };
    const told = { ...scope, destination: id, url, content_type, fields, ...who };
    await vault.addDestination(told, ctx.requestId);
  }
  await run(ctx.db.write, markTold, [organization_id, id, status]);
}

/** The same after a change that is committed: what the vault cannot hear now, it hears later. */
export async function tellVaultLater(
  ctx: Context,
  vault: VaultClient,
  row: DestinationRow,
): Promise<void> {
  try {
    await tellVault(ctx, vault, row);
  } catch (error) {
    const { id, status } = row;
    ctx.log.warn({ err: error, destination: id, status }, 'the vault was not told');
  }
}

/** Tells the vault of removals that it has not heard of. */
export async function tellOfRemovals(ctx: Context, vault: VaultClient): Promise<void> {
  const rows = await ctx.db.read<DestinationRow>(selectUntold);
  for (const row of rows) await tellVaultLater(ctx, vault, row);
}
