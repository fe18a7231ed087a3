import type { Context } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { type AuditNote, mutate, type Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { lockMinutes } from './lockout.ts';
import { circumstancesOf, notify } from './notify.ts';

type Locked = {
  id: string;
  locked_until: string;
  lock_address: string | null;
  lock_user_agent: string | null;
};

/**
 * A lock that was lifted meanwhile is not told. The tenth try is counted before it is checked, so a
 * lock is told once the try must have been found wrong.
 */
const takeLocked = statement(
  'accounts.take_locked',
  `UPDATE accounts SET lock_untold = false WHERE id = (
     SELECT id FROM accounts WHERE lock_untold
       AND locked_until < now() + interval '${lockMinutes} minutes' - interval '3 seconds'
     ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
   RETURNING id, locked_until, host(lock_address) AS lock_address, lock_user_agent`,
);
const selectMembers = statement(
  'accounts.members',
  `SELECT organization_id, id FROM members WHERE account_id = $1 AND status = 'active'
   ORDER BY organization_id`,
);

type Dependencies = {
  sealer: Sealer;
  /** A member as the API shows it, for the event. */
  readMember: (query: Query, organization: string, id: string) => Promise<Record<string, unknown>>;
};

/**
 * Tells of accounts that were locked: the person by mail, each of their organizations by an event
 * and in the audit log (ASVS 6.3.5). By the worker and not by the try that locked, see the
 * migration.
 */
export async function tellLocks(ctx: Context, deps: Dependencies): Promise<void> {
  while (await tellOne(ctx, deps));
}

async function tellOne(ctx: Context, { sealer, readMember }: Dependencies): Promise<boolean> {
  return mutate<{ found: boolean; notes: AuditNote[] }>(
    ctx,
    { permission: 'system', audit: ({ notes }) => notes },
    async (tx) => {
      const [locked] = await tx.query<Locked>(takeLocked);
      if (locked === undefined) return { found: false, notes: [] };
      const { id: account, locked_until: until } = locked;
      type Membership = { organization_id: string; id: string };
      const members = await tx.query<Membership>(selectMembers, [account]);
      for (const { organization_id: organization, id } of members) {
        const data = await readMember(tx.query, organization, id);
        const scope = { organization, mode: 'live' } as const;
        tx.event({ type: 'member.locked', object: id, data, scope });
      }
      await tellPerson(tx, sealer, locked);
      const organizations = members.map((member) => member.organization_id);
      const note = { action: 'account.lock', object: account, details: { until } };
      return { found: true, notes: [{ ...note, where: { organizations } }] };
    },
  ).then(({ found }) => found);
}

async function tellPerson(tx: Tx, sealer: Sealer, locked: Locked): Promise<void> {
  const circumstances = circumstancesOf({
    address: locked.lock_address ?? undefined,
    userAgent: locked.lock_user_agent ?? undefined,
  });
  const mail = { template: 'account_locked', data: { until: locked.locked_until } } as const;
  await notify(tx, { sealer, circumstances }, locked.id, mail);
}
