import type { schemas } from 'payos-contract';
import { unlockAccount } from '../access/index.ts';
import type { ScopedContext } from '../core/context.ts';
import { changePeople } from './change-people.ts';
import { readMember, requireStanding } from './member.ts';
import { requireMayStop } from './standing.ts';

/**
 * Ends the lock that ten wrong tries put on an account, before its time.
 *
 * @throws ApiError `not_found`, `own_membership`, `more_than_own`
 */
export async function unlockMember(ctx: ScopedContext, id: string): Promise<schemas.Member> {
  const { organization } = ctx.scope;
  const { member } = await changePeople<{ member: schemas.Member; changed: boolean }>(
    ctx,
    {
      permission: 'members:suspend',
      audit: ({ changed }) => (changed ? { action: 'member.unlock', object: id } : undefined),
    },
    async (tx, self) => {
      const target = await requireStanding(tx.query, organization, id);
      requireMayStop(self, target);
      const changed = await unlockAccount(tx, target.account);
      const unlocked = await readMember(tx.query, organization, id);
      if (changed) tx.event({ type: 'member.unlocked', object: id, data: unlocked });
      return { member: unlocked, changed };
    },
  );
  return member;
}
