import type { Mode, Permission } from 'payos-contract';
import { permissionsByMode } from '../access/index.ts';
import { type Query, statement } from '../core/db.ts';
import type { ApiKeyRow } from './key-row.ts';

/** A member whose keys these are, or who wants to change some, as they are at this moment. */
export type Holder = {
  id: string;
  name: string;
  /** Whoever is disabled holds nothing. */
  active: boolean;
  permissions: Readonly<Record<Mode, ReadonlySet<Permission>>>;
};

type Row = {
  id: string;
  name: string;
  status: string;
  role_test: string | null;
  role_live: string | null;
  custom_test: string[] | null;
  custom_live: string[] | null;
};

const selectHolders = statement(
  'keys.holders',
  `SELECT m.id, a.name, m.status, m.role_test, m.role_live, rt.permissions AS custom_test,
     rl.permissions AS custom_live
   FROM members m
   JOIN accounts a ON a.id = m.account_id
   LEFT JOIN roles rt ON rt.organization_id = m.organization_id AND rt.id = m.role_test
   LEFT JOIN roles rl ON rl.organization_id = m.organization_id AND rl.id = m.role_live
   WHERE m.organization_id = $1 AND m.id = ANY($2)`,
);
const nothing: Holder['permissions'] = { test: new Set(), live: new Set() };

/** Members of an organization by their ids, those who were disabled included. */
export async function readHolders(
  query: Query,
  organization: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Holder>> {
  if (ids.length === 0) return new Map();
  const rows = await query<Row>(selectHolders, [organization, [...new Set(ids)]]);
  return new Map(rows.map((row) => [row.id, toHolder(row)]));
}

function toHolder(row: Row): Holder {
  const { id, name } = row;
  const active = row.status === 'active';
  return { id, name, active, permissions: active ? permissionsByMode(row) : nothing };
}

/** What a key may do and its owner may not, or not any more. Nobody's key is beyond nobody. */
export function beyondOwner(
  { mode, permissions }: Pick<ApiKeyRow, 'mode' | 'permissions'>,
  owner: Pick<Holder, 'permissions'> | undefined,
): string[] {
  if (owner === undefined) return [];
  const held: ReadonlySet<string> = owner.permissions[mode];
  return permissions.filter((name) => !held.has(name));
}
