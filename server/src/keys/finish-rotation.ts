import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { changeKey, type KeyDependencies, refuseState } from './change-key.ts';
import { type ApiKeyRow, apiKeyColumns, statusOf } from './key-row.ts';

const finish = statement(
  'keys.finish_rotation',
  `UPDATE api_keys SET retires_at = date_trunc('milliseconds', clock_timestamp()),
     updated_at = now()
   WHERE organization_id = $1 AND id = $2 RETURNING ${apiKeyColumns}`,
);

/**
 * Ends a rotated key now rather than when its overlap is over. Doing it again changes nothing. The
 * worker tells of its end, as of every other.
 *
 * @throws ApiError `not_found`, `key_state` when it has no successor
 */
export function finishRotation(
  ctx: Context,
  deps: KeyDependencies,
  id: string,
): Promise<schemas.ChangedApiKey> {
  return changeKey(ctx, deps, id, 'keys:revoke', async (key, { tx, scope, note }) => {
    const status = statusOf(key);
    if (key.successor_id === null) refuseState(status, 'it has no successor. Rotate it first.');
    if (status === 'revoked' || status === 'expired') return { row: key, changed: [] };
    const [row] = await tx.query<ApiKeyRow>(finish, [scope.organization, id]);
    if (row === undefined) throw new Error('the rotation was not finished');
    const details = { successor: key.successor_id, instead_of: key.retires_at };
    note({ action: 'api_key.finish_rotation', object: id, details });
    return { row, changed: [id] };
  });
}
