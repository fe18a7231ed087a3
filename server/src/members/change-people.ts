import type { Permission } from 'payos-contract';
import { requirePermission, type ScopedContext } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { type AuditNote, mutate, type Tx } from '../core/mutate.ts';
import { findStanding, type Standing } from './standing.ts';

const lock = statement(
  'members.lock_organization',
  'SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE',
);

/** Changes of who may do what in an organization take turns: none is judged by an old state. */
export async function lockOrganization(query: Query, organization: string): Promise<void> {
  await query(lock, [organization]);
}

type Change<T> = {
  permission: Permission;
  audit: (result: T) => AuditNote | readonly AuditNote[] | undefined;
};

/**
 * A change that one member makes to others, or to the rules of the organization. Alone at it, and
 * with what the acting member may do at that moment: a permission that was taken away while the
 * request was under way counts no longer.
 *
 * @throws ApiError `people_only`, `permission_denied`
 */
export async function changePeople<T>(
  ctx: ScopedContext,
  mutation: Change<T>,
  change: (tx: Tx, self: Standing) => Promise<T>,
): Promise<T> {
  const { actor } = ctx;
  if (actor.type !== 'member') throw new ApiError('people_only');
  return mutate(ctx, { ...mutation, wide: true }, async (tx) => {
    await lockOrganization(tx.query, ctx.scope.organization);
    const self = await findStanding(tx.query, ctx.scope.organization, actor.id);
    if (self === undefined || !self.active) throw new ApiError('no_organization');
    requirePermission({ ...actor, permissions: self.permissions.live }, mutation.permission);
    return change(tx, self);
  });
}
