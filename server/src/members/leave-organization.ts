import type { schemas } from 'payos-contract';
import { noSessionCookie } from '../access/index.ts';
import { type Context, sessionOf } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { Reply } from '../core/http/route.ts';
import { mutate } from '../core/mutate.ts';
import { lockOrganization } from './change-people.ts';
import { type Departed, departureNotes, endDeparture } from './departure.ts';
import { requireAnotherOwner } from './last-owner.ts';
import { readMember, requireStanding } from './member.ts';

const leave = statement(
  'members.leave',
  `UPDATE members SET status = 'disabled', disabled_at = now()
   WHERE organization_id = $1 AND id = $2`,
);

/**
 * Leaves the organization one is working in. Coming back takes somebody who enables the member.
 *
 * @throws ApiError `no_organization`, `last_owner`
 */
export async function leaveOrganization(ctx: Context): Promise<Reply> {
  const { organization, member } = sessionOf(ctx);
  if (organization === undefined || member === undefined) throw new ApiError('no_organization');
  const departed = await mutate<Departed>(
    ctx,
    {
      permission: 'account',
      scope: { organization, mode: 'live' },
      wide: true,
      audit: (ended) => departureNotes('member.leave', member, ended),
    },
    async (tx) => {
      await lockOrganization(tx.query, organization);
      const self = await requireStanding(tx.query, organization, member);
      if (!self.active) throw new ApiError('no_organization');
      await requireAnotherOwner(tx.query, organization, self);
      await tx.query(leave, [organization, member]);
      const ended = await endDeparture(tx, organization, self, []);
      const data = await readMember(tx.query, organization, member);
      tx.event({ type: 'member.disabled', object: member, data });
      return ended;
    },
  );
  const answer: schemas.Ended = { ended: departed.sessions };
  return new Reply(200, answer, noSessionCookie());
}
