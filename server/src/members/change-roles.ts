import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { changePeople } from './change-people.ts';
import { requireAnotherOwner } from './last-owner.ts';
import { readMember, requireStanding } from './member.ts';
import { requireMayGrant, requireMayManage } from './standing.ts';
import { tellOfKeys } from './tell-of-keys.ts';

const updateRoles = statement(
  'members.change_roles',
  `UPDATE members SET role_test = $3, role_live = $4 WHERE organization_id = $1 AND id = $2`,
);

/**
 * Changes what a member may do. It holds from their next request on.
 *
 * @throws ApiError `not_found`, `own_membership`, `more_than_own`, `last_owner`
 */
export async function changeRoles(
  ctx: ScopedContext,
  id: string,
  roles: schemas.RolesByMode,
): Promise<schemas.Member> {
  const { organization } = ctx.scope;
  const { member } = await changePeople<{ member: schemas.Member; from: schemas.RolesByMode }>(
    ctx,
    {
      permission: 'members:write',
      audit: ({ from }) => ({
        action: 'member.change_roles',
        object: id,
        details: { from, to: roles },
      }),
    },
    async (tx, self) => {
      const target = await requireStanding(tx.query, organization, id);
      requireMayManage(self, target);
      await requireMayGrant(tx.query, organization, self, roles);
      if (roles.live !== 'owner') await requireAnotherOwner(tx.query, organization, target);
      await tx.query(updateRoles, [organization, id, roles.test, roles.live]);
      await tellOfKeys(tx, organization, [target]);
      const changed = await readMember(tx.query, organization, id);
      tx.event({ type: 'member.roles_changed', object: id, data: changed });
      return { member: changed, from: target.roles };
    },
  );
  return member;
}
