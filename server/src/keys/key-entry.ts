import type { schemas } from 'payos-contract';
import { type Query, statement } from '../core/db.ts';
import { beyondOwner, type Holder, readHolders } from './holders.ts';
import { type ApiKeyRow, toApiKey } from './key-row.ts';

const selectLastUses = statement(
  'keys.last_uses',
  `SELECT key_id, max(last_used_at) AS last_used_at FROM api_key_uses
   WHERE organization_id = $1 AND key_id = ANY($2) GROUP BY key_id`,
);
type LastUse = { key_id: string; last_used_at: string };

/** Keys of one organization as lists show them: with what follows from owner, rules and use. */
export async function toEntries(
  query: Query,
  organization: string,
  rows: readonly ApiKeyRow[],
): Promise<schemas.ApiKeyEntry[]> {
  const ids = rows.map((row) => row.id);
  const owners = rows.flatMap((row) => row.owner_id ?? []);
  const [holders, uses] = await Promise.all([
    readHolders(query, organization, owners),
    ids.length === 0 ? [] : query<LastUse>(selectLastUses, [organization, ids]),
  ]);
  const lastUses = new Map(uses.map((use) => [use.key_id, use.last_used_at]));
  return rows.map((row) => {
    const owner = holders.get(row.owner_id ?? '');
    return toEntry(row, owner, lastUses.get(row.id) ?? null);
  });
}

/** @param owner undefined where the key is nobody's */
function toEntry(
  row: ApiKeyRow,
  owner: Holder | undefined,
  last_used_at: string | null,
): schemas.ApiKeyEntry {
  return {
    ...toApiKey(row),
    owner_name: owner?.name ?? null,
    last_used_at,
    due_at: row.due_at,
    beyond_owner: beyondOwner(row, owner),
  };
}
