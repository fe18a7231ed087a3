import type { schemas } from 'payos-contract';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import { announceChange } from './announce-change.ts';
import { type ApiKeyRow, apiKeyColumns, toApiKey } from './key-row.ts';

const selectKeysOf = statement(
  'keys.list_of',
  `SELECT ${apiKeyColumns} FROM api_keys
   WHERE organization_id = $1 AND owner_id = $2 AND revoked_at IS NULL
   ORDER BY created_at, id`,
);
const revokeKeys = statement(
  'keys.revoke_of',
  `UPDATE api_keys SET revoked_at = now(), revoked_reason = $4
   WHERE organization_id = $1 AND owner_id = $2 AND id = ANY($3) AND revoked_at IS NULL
   RETURNING ${apiKeyColumns}`,
);

const selectOwned = statement(
  'keys.owned_by',
  'SELECT id FROM api_keys WHERE organization_id = $1 AND owner_id = $2 AND id = ANY($3)',
);

/** The living keys that a member owns, of both modes. */
export async function listKeysOf(
  query: Query,
  organization: string,
  owner: string,
): Promise<schemas.ApiKey[]> {
  const rows = await query<ApiKeyRow>(selectKeysOf, [organization, owner]);
  return rows.map(toApiKey);
}

/**
 * Ends keys of one owner, in the transaction of what makes it necessary.
 *
 * @returns those that were alive until now
 * @throws ApiError `not_found` when one of them is not a key of this owner
 */
export async function revokeKeysOf(
  tx: Tx,
  organization: string,
  owner: string,
  ids: readonly string[],
  reason: string,
): Promise<schemas.ApiKey[]> {
  if (ids.length === 0) return [];
  const owned = await tx.query<{ id: string }>(selectOwned, [organization, owner, ids]);
  const missing = ids.find((id) => !owned.some((key) => key.id === id));
  if (missing !== undefined) {
    throw new ApiError('not_found', { detail: `${missing} is not a key that this member owns.` });
  }
  const rows = await tx.query<ApiKeyRow>(revokeKeys, [organization, owner, ids, reason]);
  for (const row of rows) {
    const scope = { organization, mode: row.mode };
    await announceChange(tx, scope, row.id);
    tx.event({ type: 'api_key.revoked', object: row.id, data: toApiKey(row), scope });
  }
  return rows.map(toApiKey);
}
