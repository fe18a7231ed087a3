import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { changePeople } from './change-people.ts';
import { type Departed, departureNotes, endDeparture } from './departure.ts';
import { readMember, requireStanding } from './member.ts';
import { requireMayStop } from './standing.ts';

const disable = statement(
  'members.disable',
  `UPDATE members SET status = 'disabled', disabled_at = now()
   WHERE organization_id = $1 AND id = $2 AND status = 'active' RETURNING id`,
);

type Outcome = { member: schemas.Member; departed: Departed };

/**
 * Puts somebody out at once: sessions, invitations they made, and the keys that are named end in
 * the same transaction (PCI DSS 8.2.5, ASVS 7.4.2). Doing it again ends what is left of these. One
 * owner always remains: owners are disabled by other owners only.
 *
 * @param awaitKeys waits until every process has heard that keys were revoked
 * @throws ApiError `not_found`, `own_membership`, `more_than_own`
 */
export async function disableMember(
  ctx: ScopedContext,
  awaitKeys: (organization: string, keys: readonly string[]) => Promise<void>,
  id: string,
  keys: readonly string[],
): Promise<schemas.Member> {
  const { organization } = ctx.scope;
  const { member, departed } = await changePeople<Outcome>(
    ctx,
    {
      permission: 'members:suspend',
      audit: ({ departed }) => departureNotes('member.disable', id, departed),
    },
    async (tx, self) => {
      const target = await requireStanding(tx.query, organization, id);
      requireMayStop(self, target);
      const stopped = await tx.query(disable, [organization, id]);
      const departed = await endDeparture(tx, organization, target, keys);
      const disabled = await readMember(tx.query, organization, id);
      if (stopped.length > 0) tx.event({ type: 'member.disabled', object: id, data: disabled });
      return { member: disabled, departed };
    },
  );
  await awaitKeys(
    organization,
    departed.keys.map((key) => key.id),
  );
  return member;
}
