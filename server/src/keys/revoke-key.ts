import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import { announceChange } from './announce-change.ts';
import { type ApiKeyRow, apiKeyColumns, toApiKey } from './key-row.ts';

const selectOwner = statement(
  'keys.owner',
  'SELECT organization_id, mode FROM api_keys WHERE id = $1',
);
const revoke = statement(
  'keys.revoke',
  `UPDATE api_keys SET revoked_at = now(), revoked_reason = $3
   WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL
   RETURNING ${apiKeyColumns}`,
);
const selectKey = statement(
  'keys.get',
  `SELECT ${apiKeyColumns} FROM api_keys WHERE organization_id = $1 AND id = $2`,
);

/** Ends a key for good. Doing it again changes nothing. Its record stays for the audit. */
export async function revokeKey(
  ctx: Context,
  id: string,
  reason: string | undefined,
): Promise<schemas.ApiKey> {
  const [owner] = await ctx.db.read<Pick<ApiKeyRow, 'organization_id' | 'mode'>>(selectOwner, [id]);
  if (owner === undefined) throw new ApiError('not_found', { detail: 'No such API key.' });
  const scope = { organization: owner.organization_id, mode: owner.mode };
  return mutate(
    ctx,
    {
      permission: 'operator:keys',
      scope,
      audit: () => ({ action: 'api_key.revoke', object: id, details: { reason } }),
    },
    async (tx) => {
      const [row] = await tx.query<ApiKeyRow>(revoke, [scope.organization, id, reason ?? null]);
      if (row !== undefined) {
        await announceChange(tx, scope, id);
        tx.event({ type: 'api_key.revoked', object: id, data: toApiKey(row) });
        return toApiKey(row);
      }
      const [already] = await tx.query<ApiKeyRow>(selectKey, [scope.organization, id]);
      if (already === undefined) throw new ApiError('not_found');
      return toApiKey(already);
    },
  );
}
