import { isBuiltInRole, type Mode, type Permission, type schemas } from 'payos-contract';
import { permissionsByMode } from '../access/index.ts';
import { type Query, statement } from '../core/db.ts';
import { ApiError, fieldError } from '../core/errors.ts';

const modes = ['test', 'live'] as const;

/** What somebody may do in each mode; what is organization-wide follows from the live role. */
type Grants = Readonly<Record<Mode, ReadonlySet<Permission>>>;

/** A member as they are at this moment, with all that they may do. */
export type Standing = {
  id: string;
  account: string;
  active: boolean;
  roles: schemas.RolesByMode;
  permissions: Grants;
  /** Owners are touched by owners only, and one must remain. */
  isOwner: boolean;
};

type Row = {
  id: string;
  account_id: string;
  status: string;
  role_test: string | null;
  role_live: string | null;
  custom_test: string[] | null;
  custom_live: string[] | null;
};

const columns = `m.id, m.account_id, m.status, m.role_test, m.role_live,
  rt.permissions AS custom_test, rl.permissions AS custom_live`;
const from = `members m
  LEFT JOIN roles rt ON rt.organization_id = m.organization_id AND rt.id = m.role_test
  LEFT JOIN roles rl ON rl.organization_id = m.organization_id AND rl.id = m.role_live`;
const selectStanding = statement(
  'members.standing',
  `SELECT ${columns} FROM ${from} WHERE m.organization_id = $1 AND m.id = $2`,
);
const selectStandings = statement(
  'members.standings',
  `SELECT ${columns} FROM ${from} WHERE m.organization_id = $1 AND m.status = 'active'`,
);
const selectRoles = statement(
  'roles.grants',
  'SELECT id, permissions FROM roles WHERE organization_id = $1 AND id = ANY($2)',
);

/** @returns undefined when the organization has no such member */
export async function findStanding(
  query: Query,
  organization: string,
  member: string,
): Promise<Standing | undefined> {
  const [row] = await query<Row>(selectStanding, [organization, member]);
  return row && toStanding(row);
}

/** Every active member. */
export async function activeStandings(query: Query, organization: string): Promise<Standing[]> {
  const rows = await query<Row>(selectStandings, [organization]);
  return rows.map(toStanding);
}

function toStanding(row: Row): Standing {
  return {
    id: row.id,
    account: row.account_id,
    active: row.status === 'active',
    roles: { test: row.role_test, live: row.role_live },
    permissions: permissionsByMode(row),
    isOwner: isOwner({ live: row.role_live }),
  };
}

function isOwner(roles: Pick<schemas.RolesByMode, 'live'>): boolean {
  return roles.live === 'owner';
}

/**
 * What roles grant as they are now.
 *
 * @returns the name of the mode whose role there is not, where one is missing
 */
async function readGrants(
  query: Query,
  organization: string,
  roles: schemas.RolesByMode,
): Promise<Grants | { missing: Mode }> {
  const custom = await customPermissions(query, organization, roles);
  const missing = modes.find((mode) => {
    const role = roles[mode];
    return role !== null && !isBuiltInRole(role) && !custom.has(role);
  });
  if (missing !== undefined) return { missing };
  return permissionsByMode({
    role_test: roles.test,
    role_live: roles.live,
    custom_test: custom.get(roles.test ?? '') ?? null,
    custom_live: custom.get(roles.live ?? '') ?? null,
  });
}

async function customPermissions(
  query: Query,
  organization: string,
  roles: schemas.RolesByMode,
): Promise<Map<string, string[]>> {
  const ids = Object.values(roles).filter((role) => role !== null && !isBuiltInRole(role));
  if (ids.length === 0) return new Map();
  const values = [organization, ids as string[]];
  const rows = await query<{ id: string; permissions: string[] }>(selectRoles, values);
  return new Map(rows.map((row) => [row.id, row.permissions]));
}

/**
 * Checks roles that `self` wants to give, and answers nothing: nobody grants what they do not
 * have in that mode, and only owners make owners.
 *
 * @throws ApiError `invalid_request` when there is no such role, `more_than_own`
 */
export async function requireMayGrant(
  query: Query,
  organization: string,
  self: Standing,
  roles: schemas.RolesByMode,
): Promise<void> {
  if (roles.test === null && roles.live === null) {
    const fix = 'Give a role in test mode, in live mode, or in both.';
    throw fieldError('/roles', 'missing', 'A member needs a role in one mode at least.', fix);
  }
  const grants = await readGrants(query, organization, roles);
  if ('missing' in grants) {
    const fix = 'Use one that GET /v1/roles lists.';
    throw fieldError(`/roles/${grants.missing}`, 'unknown', 'There is no such role.', fix);
  }
  requireHolds(self, grants);
  if (isOwner(roles) && !self.isOwner) throw ownersOnly('makes somebody an owner');
}

/** Whether `self` could give these roles now; not when one of them is no more. */
export async function mayGrant(
  query: Query,
  organization: string,
  self: Standing,
  roles: schemas.RolesByMode,
): Promise<boolean> {
  const permissions = await readGrants(query, organization, roles);
  if ('missing' in permissions) return false;
  return mayManage(self, { permissions, isOwner: isOwner(roles) });
}

/** @throws ApiError `more_than_own` unless `self` may do all of this, mode by mode */
function requireHolds(self: Standing, grants: Grants): void {
  const lacking = modes.flatMap((mode) =>
    [...grants[mode]]
      .filter((name) => !self.permissions[mode].has(name))
      .map((name) => `${name} (${mode} mode)`),
  );
  if (lacking.length === 0) return;
  const detail = `You do not have: ${[...new Set(lacking)].join(', ')}.`;
  throw new ApiError('more_than_own', { detail });
}

/** Whether `self` may do all that `other` may, and no owner is touched by one who is none. */
export function mayManage(
  self: Standing,
  other: Pick<Standing, 'isOwner' | 'permissions'>,
): boolean {
  const holdsAll = modes.every((mode) =>
    [...other.permissions[mode]].every((name) => self.permissions[mode].has(name)),
  );
  return holdsAll && (self.isOwner || !other.isOwner);
}

/** Whether `self` may change what `other` may do: who holds less may not. @throws ApiError */
export function requireMayManage(self: Standing, other: Standing): void {
  requireOwnerForOwner(self, other);
  requireHolds(self, other.permissions);
}

/** Whether `self` may stop `other`, which also those may who hold less. @throws ApiError */
export function requireMayStop(self: Standing, other: Standing): void {
  requireOther(self, other);
  requireOwnerForOwner(self, other);
}

/** @throws ApiError `own_membership` */
export function requireOther(self: Standing, other: Standing): void {
  if (self.id === other.id) throw new ApiError('own_membership');
}

function requireOwnerForOwner(self: Standing, other: Standing): void {
  if (other.isOwner && !self.isOwner) throw ownersOnly('does this to an owner');
}

function ownersOnly(what: string): ApiError {
  return new ApiError('more_than_own', { detail: `Only an owner ${what}.` });
}
