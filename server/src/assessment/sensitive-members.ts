import {
  allPermissions,
  builtInRoles,
  type Permission,
  permissions,
  type schemas,
} from 'payos-contract';
import { type Query, statement } from '../core/db.ts';

const selectMembers = statement(
  'assessment.members',
  `SELECT m.id AS member, a.name, a.email, m.status, m.role_test, m.role_live,
     t.permissions AS test_permissions, l.permissions AS live_permissions,
     (SELECT count(*)::integer FROM passkeys k WHERE k.account_id = a.id) AS passkeys,
     EXISTS (SELECT 1 FROM totp_factors f
       WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL) AS totp,
     (SELECT max(s.last_used_at) FROM sessions s WHERE s.account_id = a.id
       AND s.organization_id = m.organization_id AND s.state = 'active') AS last_seen_at
   FROM members m
   JOIN accounts a ON a.id = m.account_id
   LEFT JOIN roles t ON t.organization_id = m.organization_id AND t.id = m.role_test
   LEFT JOIN roles l ON l.organization_id = m.organization_id AND l.id = m.role_live
   WHERE m.organization_id = $1 ORDER BY m.id`,
);

type Row = {
  member: string;
  name: string;
  email: string;
  status: string;
  role_test: string | null;
  role_live: string | null;
  test_permissions: string[] | null;
  live_permissions: string[] | null;
  passkeys: number;
  totp: boolean;
  last_seen_at: string | null;
};

/** What only people may do: let others in, hold keys, change the rules; and what reaches cards. */
const sensitive = allPermissions.filter(
  (name) => 'people' in permissions[name] || /^(cards?|card_gate|forward\w*|pci):/.test(name),
);

/** Who holds such permissions in either mode, disabled members included. */
export async function sensitiveMembers(
  read: Query,
  organization: string,
): Promise<schemas.AssessedMember[]> {
  const rows = await read<Row>(selectMembers, [organization]);
  return rows.flatMap(({ role_test, role_live, test_permissions, live_permissions, ...row }) => {
    const held = new Set([
      ...granted(role_test, test_permissions),
      ...granted(role_live, live_permissions),
    ]);
    const own = sensitive.filter((name) => held.has(name)).sort();
    if (own.length === 0) return [];
    return [{ ...row, roles: { test: role_test, live: role_live }, sensitive: own }];
  });
}

function granted(role: string | null, custom: readonly string[] | null): readonly string[] {
  if (role === null) return [];
  const builtIn = Object.hasOwn(builtInRoles, role)
    ? (builtInRoles[role as keyof typeof builtInRoles].permissions as readonly Permission[])
    : [];
  return custom ?? builtIn;
}
