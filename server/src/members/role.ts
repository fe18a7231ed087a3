import {
  builtInRoleIds,
  builtInRoles,
  isPermission,
  type Permission,
  type schemas,
} from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Standing } from './standing.ts';

type RoleRow = {
  id: string;
  name: string;
  description: string | null;
  permissions: string[];
};

const roleColumns = 'id, name, description, permissions';
const selectRoles = statement(
  'roles.list',
  `SELECT ${roleColumns} FROM roles WHERE organization_id = $1 ORDER BY lower(name), id`,
);
const selectRole = statement(
  'roles.get',
  `SELECT ${roleColumns} FROM roles WHERE organization_id = $1 AND id = $2`,
);
const countMembers = statement(
  'roles.count_members',
  `SELECT role, count(*)::integer AS members
   FROM (SELECT DISTINCT m.id, r.role FROM members m
         CROSS JOIN LATERAL (VALUES (m.role_test), (m.role_live)) AS r (role)
         WHERE m.organization_id = $1 AND m.status = 'active' AND r.role IS NOT NULL) had
   GROUP BY role`,
);

/** Built-in roles first, then the organization's own by name. */
export async function listRoles(ctx: ScopedContext): Promise<{ data: schemas.Role[] }> {
  const { organization } = ctx.scope;
  const [rows, members] = await Promise.all([
    ctx.db.read<RoleRow>(selectRoles, [organization]),
    membersByRole(ctx.db.read, organization),
  ]);
  const builtIn = builtInRoleIds.map((id) => {
    const { name, text, permissions } = builtInRoles[id];
    const row = { id, name, description: text, permissions: [...permissions] };
    return toRole(row, true, members);
  });
  return { data: [...builtIn, ...rows.map((row) => toRole(row, false, members))] };
}

async function membersByRole(query: Query, organization: string): Promise<Map<string, number>> {
  const rows = await query<{ role: string; members: number }>(countMembers, [organization]);
  return new Map(rows.map(({ role, members }) => [role, members]));
}

function toRole(
  row: RoleRow,
  built_in: boolean,
  members: ReadonlyMap<string, number>,
): schemas.Role {
  const permissions = row.permissions.filter(isPermission);
  return { ...row, object: 'role', built_in, permissions, members: members.get(row.id) ?? 0 };
}

/** A custom role as the API shows it. @throws ApiError `not_found` */
export async function readRole(
  query: Query,
  organization: string,
  id: string,
): Promise<schemas.Role> {
  const [row] = await query<RoleRow>(selectRole, [organization, id]);
  if (row === undefined) throw new ApiError('not_found', { detail: 'No such custom role.' });
  return toRole(row, false, await membersByRole(query, organization));
}

/**
 * Nobody puts into a role, or takes out of one, what they do not have in both modes: a role can be
 * given in either.
 *
 * @throws ApiError `more_than_own`
 */
export function requireHoldsInBoth(self: Standing, permissions: readonly Permission[]): void {
  const { test, live } = self.permissions;
  const lacking = permissions.filter((name) => !test.has(name) || !live.has(name));
  if (lacking.length === 0) return;
  const detail = `You do not have in both modes: ${lacking.join(', ')}.`;
  throw new ApiError('more_than_own', { detail });
}

/** A name as it is kept. @throws ApiError `role_name_taken` when it is that of a built-in role */
export function checkedName(name: string): string {
  const kept = name.normalize('NFKC').trim().replace(/\s+/gu, ' ');
  const taken = builtInRoleIds.flatMap((id) => [id, builtInRoles[id].name.toLowerCase()]);
  if (kept === '' || taken.includes(kept.toLowerCase())) throw new ApiError('role_name_taken');
  return kept;
}
