import { type Query, statement } from '../core/db.ts';

/** Somebody who is told about a key. */
type Keeper = { name: string; email: string; organization: string };

const selectKeepers = statement(
  'keys.keepers',
  `SELECT a.name, a.email, o.name AS organization, m.id = $2 AS owner
   FROM members m
   JOIN accounts a ON a.id = m.account_id
   JOIN organizations o ON o.id = m.organization_id
   WHERE m.organization_id = $1 AND m.status = 'active'
     AND (m.id = $2 OR 'owner' IN (m.role_live, m.role_test) OR m.role_live = 'admin')
   ORDER BY m.created_at LIMIT 50`,
);

/**
 * Who looks after a key: the member who owns it. Those who run the organization are told where the
 * key has no active owner, and of what cannot wait for one person.
 *
 * @param owner a member's id
 * @param urgent to all of them at once
 */
export async function readKeepers(
  query: Query,
  organization: string,
  owner: string | null,
  urgent = false,
): Promise<Keeper[]> {
  const rows = await query<Keeper & { owner: boolean | null }>(selectKeepers, [
    organization,
    owner,
  ]);
  const own = rows.filter((row) => row.owner === true);
  return urgent || own.length === 0 ? rows : own;
}
