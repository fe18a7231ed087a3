import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { changeKey, type KeyDependencies, refuseState } from './change-key.ts';
import { type ApiKeyRow, apiKeyColumns, statusOf, toApiKey } from './key-row.ts';

const disable = statement(
  'keys.disable',
  `UPDATE api_keys SET disabled_at = now(), disabled_reason = $3, updated_at = now()
   WHERE organization_id = $1 AND id = $2 RETURNING ${apiKeyColumns}`,
);

/**
 * Switches a key off without losing it. Doing it again changes nothing.
 *
 * @throws ApiError `not_found`, `key_state`
 */
export function disableKey(
  ctx: Context,
  deps: KeyDependencies,
  id: string,
  { reason = null }: { reason?: string | null },
): Promise<schemas.ChangedApiKey> {
  return changeKey(ctx, deps, id, 'keys:revoke', async (key, { tx, scope, note }) => {
    const status = statusOf(key);
    if (status === 'disabled') return { row: key, changed: [] };
    if (status === 'revoked' || status === 'expired') refuseState(status, 'it works no more.');
    const [row] = await tx.query<ApiKeyRow>(disable, [scope.organization, id, reason]);
    if (row === undefined) throw new Error('the key was not disabled');
    tx.event({ type: 'api_key.disabled', object: id, data: toApiKey(row), scope });
    note({ action: 'api_key.disable', object: id, details: { reason } });
    return { row, changed: [id] };
  });
}
