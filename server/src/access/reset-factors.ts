import type { schemas } from 'payos-contract';
import { clock } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { mutate } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { enqueueMail } from '../mail/index.ts';
import { holdByEmail } from './account.ts';
import { endSessions } from './end-sessions.ts';
import { unlockAccount } from './lockout.ts';
import { removeFactors } from './remove-factors.ts';
import { organizationsOf } from './whose.ts';

const selectEnrollUntil = statement(
  'accounts.enroll_until',
  'SELECT enroll_until FROM accounts WHERE id = $1',
);

type Outcome = { reset: schemas.FactorsReset; organizations: string[] };

/**
 * Takes every factor from a person who lost them all and whom nobody in the organization can help,
 * such as its only owner. Whoever may run this stands on the machine itself; for a day the person's
 * password is enough to enrol anew (PCI DSS 8.5.1). A lock ends, and every session.
 *
 * @throws ApiError `not_found`
 */
export async function resetFactors(
  ctx: Context,
  sealer: Sealer,
  email: string,
): Promise<schemas.FactorsReset> {
  const { reset } = await mutate<Outcome>(
    ctx,
    {
      permission: 'operator:people',
      audit: ({ reset, organizations }) => ({
        action: 'account.reset_factors',
        object: reset.account,
        where: { organizations },
      }),
    },
    async (tx) => {
      const person = await holdByEmail(tx, email);
      await removeFactors(tx, person.id);
      await unlockAccount(tx, person.id);
      await endSessions(tx, { account: person.id }, 'factors_removed');
      const data = { name: person.name, at: new Date(clock.nowMs()).toISOString() };
      await enqueueMail(tx.query, sealer, { to: person.email, template: 'factors_removed', data });
      const [row] = await tx.query<{ enroll_until: string }>(selectEnrollUntil, [person.id]);
      const until = row?.enroll_until ?? '';
      return {
        reset: { account: person.id, email: person.email, enroll_until: until },
        organizations: await organizationsOf(tx, person.id),
      };
    },
  );
  return reset;
}
