import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { requireOwn } from './acting.ts';
import { changeKey, type KeyDependencies, refuseState } from './change-key.ts';
import { type ApiKeyRow, apiKeyColumns, statusOf, toApiKey } from './key-row.ts';

const enable = statement(
  'keys.enable',
  `UPDATE api_keys SET disabled_at = NULL, disabled_reason = NULL, updated_at = now()
   WHERE organization_id = $1 AND id = $2 RETURNING ${apiKeyColumns}`,
);

/**
 * Switches a disabled key on again. It does no more than whoever does so may do. Doing it again
 * changes nothing.
 *
 * @throws ApiError `not_found`, `key_state`, `more_than_own`
 */
export function enableKey(
  ctx: Context,
  deps: KeyDependencies,
  id: string,
): Promise<schemas.ChangedApiKey> {
  return changeKey(ctx, deps, id, 'keys:write', async (key, { tx, scope, acting, note }) => {
    const status = statusOf(key);
    if (status === 'revoked' || status === 'expired') {
      refuseState(status, 'it works no more. Make a new one.');
    }
    if (status !== 'disabled') return { row: key, changed: [] };
    requireOwn(acting, key.permissions);
    const [row] = await tx.query<ApiKeyRow>(enable, [scope.organization, id]);
    if (row === undefined) throw new Error('the key was not enabled');
    tx.event({ type: 'api_key.enabled', object: id, data: toApiKey(row), scope });
    note({ action: 'api_key.enable', object: id });
    return { row, changed: [id] };
  });
}
