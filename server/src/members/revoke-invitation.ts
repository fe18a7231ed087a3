import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { changePeople } from './change-people.ts';
import { readInvitation, revokeOpen } from './invitation.ts';

/** Withdraws an invitation. Doing it again, or too late, changes nothing. @throws `not_found` */
export async function revokeInvitation(
  ctx: ScopedContext,
  id: string,
): Promise<schemas.Invitation> {
  const { organization } = ctx.scope;
  const { invitation } = await changePeople<{ invitation: schemas.Invitation; changed: boolean }>(
    ctx,
    {
      permission: 'members:write',
      audit: ({ changed }) => (changed ? { action: 'invitation.revoke', object: id } : undefined),
    },
    async (tx) => {
      const revoked = await revokeOpen(tx, organization, id);
      const invitation = revoked ?? (await readInvitation(tx.query, organization, id));
      return { invitation, changed: revoked !== undefined };
    },
  );
  return invitation;
}
