import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import type { ApiKeyRow } from './key-row.ts';

const forget = statement(
  'keys.forget_permission_uses',
  `DELETE FROM api_key_permission_uses
   WHERE organization_id = $1 AND key_id = $2 AND permission = ANY($3)`,
);
const grant = statement(
  'keys.note_grants',
  `INSERT INTO api_key_permission_uses (organization_id, key_id, permission, requests, last_used_at)
   SELECT $1, $2, permission, 0, now() FROM unnest($3::text[]) AS permission
   ON CONFLICT (organization_id, key_id, permission)
     DO UPDATE SET requests = 0, last_used_at = now()`,
);

/**
 * Notes when a key was given permissions that it did not have from the start, as a row without
 * requests, so that what was given yesterday does not count as unused for months.
 */
export async function noteGrants(
  tx: Tx,
  key: ApiKeyRow,
  permissions: readonly string[],
): Promise<void> {
  const given = permissions.filter((name) => !key.permissions.includes(name));
  const taken = key.permissions.filter((name) => !permissions.includes(name));
  const { organization_id: organization, id } = key;
  if (taken.length > 0) await tx.query(forget, [organization, id, taken]);
  if (given.length > 0) await tx.query(grant, [organization, id, given]);
}
