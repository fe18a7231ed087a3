import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { changePeople } from './change-people.ts';
import { readMember, requireStanding } from './member.ts';
import { requireMayManage } from './standing.ts';

const enable = statement(
  'members.enable',
  `UPDATE members SET status = 'active', disabled_at = NULL
   WHERE organization_id = $1 AND id = $2 AND status = 'disabled' RETURNING id`,
);

/**
 * Lets a disabled member in again, with the roles they had. What ended stays ended.
 *
 * @throws ApiError `not_found`, `more_than_own`
 */
export async function enableMember(ctx: ScopedContext, id: string): Promise<schemas.Member> {
  const { organization } = ctx.scope;
  const { member } = await changePeople<{ member: schemas.Member; changed: boolean }>(
    ctx,
    {
      permission: 'members:suspend',
      audit: ({ changed }) => (changed ? { action: 'member.enable', object: id } : undefined),
    },
    async (tx, self) => {
      const target = await requireStanding(tx.query, organization, id);
      requireMayManage(self, target);
      const changed = (await tx.query(enable, [organization, id])).length > 0;
      const enabled = await readMember(tx.query, organization, id);
      if (changed) tx.event({ type: 'member.enabled', object: id, data: enabled });
      return { member: enabled, changed };
    },
  );
  return member;
}
