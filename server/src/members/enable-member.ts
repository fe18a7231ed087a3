import type { schemas } from 'payos-contract';
import { holdAccount } from '../access/index.ts';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { changePeople } from './change-people.ts';
import { readMember, requireStanding } from './member.ts';
import { requireMayManage } from './standing.ts';

/** Whether others let this person enrol new factors while they were disabled here. */
const selectReplaced = statement(
  'members.factors_replaced',
  `SELECT 1 AS replaced FROM members m JOIN accounts a ON a.id = m.account_id
   WHERE m.organization_id = $1 AND m.id = $2 AND m.status = 'disabled'
     AND a.factors_replaced_at >= coalesce(m.disabled_at, m.created_at)`,
);
const enable = statement(
  'members.enable',
  `UPDATE members SET status = 'active', disabled_at = NULL
   WHERE organization_id = $1 AND id = $2 AND status = 'disabled' RETURNING id`,
);

type Outcome = { member: schemas.Member; changed: boolean; replaced: boolean };

/**
 * Lets a disabled member in again, with the roles they had. What ended stays ended. An organization
 * has its word in who holds the factors of its members: were they replaced while it was not asked,
 * whoever enables has to say that they know.
 *
 * @throws ApiError `not_found`, `more_than_own`, `factors_replaced`
 */
export async function enableMember(
  ctx: ScopedContext,
  id: string,
  { factors_replaced: isKnown }: schemas.EnableMember,
): Promise<schemas.Member> {
  const { organization } = ctx.scope;
  const { member } = await changePeople<Outcome>(
    ctx,
    {
      permission: 'members:suspend',
      audit: ({ changed, replaced: factors_replaced }) =>
        changed
          ? { action: 'member.enable', object: id, details: { factors_replaced } }
          : undefined,
    },
    async (tx, self) => {
      const target = await requireStanding(tx.query, organization, id);
      requireMayManage(self, target);
      await holdAccount(tx, target.account);
      const [replaced] = await tx.query(selectReplaced, [organization, id]);
      if (replaced !== undefined && isKnown !== true) throw new ApiError('factors_replaced');
      const changed = (await tx.query(enable, [organization, id])).length > 0;
      const enabled = await readMember(tx.query, organization, id);
      if (changed) tx.event({ type: 'member.enabled', object: id, data: enabled });
      return { member: enabled, changed, replaced: replaced !== undefined };
    },
  );
  return member;
}
