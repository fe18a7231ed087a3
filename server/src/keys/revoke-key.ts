import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { changeKey, type KeyDependencies } from './change-key.ts';
import { holdSuccessors } from './hold-successors.ts';
import { type ApiKeyRow, apiKeyColumns, toApiKey } from './key-row.ts';

const revoke = statement(
  'keys.revoke',
  `UPDATE api_keys SET revoked_at = now(), revoked_reason = $3, updated_at = now()
   WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL
   RETURNING ${apiKeyColumns}`,
);

/**
 * Ends a key for good, and those that came of it by rotation where that is asked for. Doing it
 * again changes nothing. Their records stay for the audit.
 *
 * @throws ApiError `not_found`
 */
export function revokeKey(
  ctx: Context,
  deps: KeyDependencies,
  id: string,
  { reason = null, successors = false }: { reason?: string | null; successors?: boolean },
): Promise<schemas.ChangedApiKey> {
  return changeKey(ctx, deps, id, 'keys:revoke', async (key, { tx, scope, note }) => {
    const chain = successors ? await holdSuccessors(tx, scope, key) : [];
    const revoked: ApiKeyRow[] = [];
    for (const one of [key, ...chain]) {
      const [row] = await tx.query<ApiKeyRow>(revoke, [scope.organization, one.id, reason]);
      if (row === undefined) continue;
      revoked.push(row);
      tx.event({ type: 'api_key.revoked', object: row.id, data: toApiKey(row), scope });
      const origin = one === key ? {} : { predecessor: id };
      note({ action: 'api_key.revoke', object: row.id, details: { reason, ...origin } });
    }
    const row = revoked.find((one) => one.id === id) ?? key;
    return { row, changed: revoked.map((one) => one.id) };
  });
}
