import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { changePeople } from './change-people.ts';
import { requireStanding } from './member.ts';
import { shutOut } from './shut-out.ts';
import { requireMayStop } from './standing.ts';

/**
 * Ends all sessions of a member in this organization (ASVS 7.4.5). They may sign in again.
 *
 * @throws ApiError `not_found`, `own_membership`, `more_than_own`
 */
export async function endMemberSessions(ctx: ScopedContext, id: string): Promise<schemas.Ended> {
  const { organization } = ctx.scope;
  return changePeople(
    ctx,
    {
      permission: 'members:suspend',
      audit: (details) => ({ action: 'member.end_sessions', object: id, details }),
    },
    async (tx, self) => {
      const target = await requireStanding(tx.query, organization, id);
      requireMayStop(self, target);
      return { ended: await shutOut(tx, organization, target, 'ended_by_member') };
    },
  );
}
