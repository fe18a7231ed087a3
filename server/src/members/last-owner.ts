import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Standing } from './standing.ts';

const countOwners = statement(
  'members.count_owners',
  `SELECT count(*)::integer AS count FROM members
   WHERE organization_id = $1 AND status = 'active' AND role_live = 'owner'`,
);

/** How many active owners the organization has. */
export async function ownersOf(query: Query, organization: string): Promise<number> {
  const [counted] = await query<{ count: number }>(countOwners, [organization]);
  return counted?.count ?? 0;
}

/**
 * Called under the lock of the organization, before an owner stops being one.
 *
 * @throws ApiError `last_owner`
 */
export async function requireAnotherOwner(
  query: Query,
  organization: string,
  leaving: Standing,
): Promise<void> {
  if (!leaving.isOwner || !leaving.active) return;
  if ((await ownersOf(query, organization)) < 2) throw new ApiError('last_owner');
}
