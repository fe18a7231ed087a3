import type { schemas } from 'payos-contract';
import {
  type AccessDependencies,
  circumstancesOf,
  describeOwnSession,
  holdAccount,
} from '../access/index.ts';
import { type Context, sessionOf } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { type AuditNote, mutate, type Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { RateLimiter } from '../core/rate-limit.ts';
import type { Sealer } from '../core/seal.ts';
import { enqueueMail } from '../mail/index.ts';
import { decidersFor, readFactorReset } from './factor-reset.ts';
import { requireStanding } from './member.ts';
import type { Standing } from './standing.ts';

const selectMemberships = statement(
  'resets.memberships',
  `SELECT m.organization_id, m.id, o.name AS organization, a.name, a.email
   FROM members m JOIN organizations o ON o.id = m.organization_id
   JOIN accounts a ON a.id = m.account_id
   WHERE m.account_id = $1 AND m.status = 'active' ORDER BY m.organization_id`,
);
/** Requests of one moment belong together: one refusal ends all. */
const withdrawRefused = statement(
  'resets.withdraw_refused',
  `UPDATE factor_resets f SET status = 'refused', decided_at = now()
   WHERE f.account_id = $1 AND f.status = 'pending' AND EXISTS (SELECT 1 FROM factor_resets r
     WHERE r.account_id = f.account_id AND r.created_at = f.created_at AND r.status = 'refused')`,
);
const selectPending = statement(
  'resets.pending',
  `SELECT id FROM factor_resets WHERE account_id = $1 AND status = 'pending' LIMIT 1`,
);
const insertReset = statement(
  'resets.insert',
  `INSERT INTO factor_resets (organization_id, id, account_id, member_id, reason, address)
   VALUES ($1, $2, $3, $4, $5, $6)`,
);
const selectEmails = statement(
  'resets.emails',
  'SELECT email, name FROM accounts WHERE id = ANY($1) ORDER BY id',
);

type Membership = {
  organization_id: string;
  id: string;
  organization: string;
  name: string;
  email: string;
};
type Asked = { outcome: 'asked' | 'pending' | 'nobody'; memberships: Membership[] };

/**
 * A person who gave the right password and lost every factor asks to enrol new ones: in each
 * organization they belong to, since what they enrol opens all of them. Those who may decide are
 * told, and the person is. Asking again while it is open changes nothing.
 *
 * @throws ApiError `step_not_due`, `no_organization`, `nobody_can_decide`
 */
export async function requestFactorReset(
  ctx: Context,
  deps: AccessDependencies,
  reason: string,
): Promise<schemas.Session> {
  const { account, state } = sessionOf(ctx);
  if (state !== 'second_factor') throw new ApiError('step_not_due');
  const { outcome } = await mutate<Asked>(
    ctx,
    { permission: 'sign_in', audit: (asked) => notesOf(asked, account, reason) },
    async (tx) => {
      await holdAccount(tx, account);
      const memberships = await tx.query<Membership>(selectMemberships, [account]);
      if (memberships.length === 0) throw new ApiError('no_organization');
      await tx.query(withdrawRefused, [account]);
      const [open] = await tx.query(selectPending, [account]);
      if (open !== undefined) return { outcome: 'pending', memberships };
      const deciders = await Promise.all(memberships.map((one) => decidersOf(tx.query, one)));
      if (deciders.some((some) => some.length === 0)) return { outcome: 'nobody', memberships };
      for (const [at, one] of memberships.entries()) {
        await ask(tx, ctx, deps.sealer, one, deciders[at] ?? [], reason);
      }
      await tellPerson(tx, ctx, deps.sealer, memberships[0]);
      return { outcome: 'asked', memberships };
    },
  );
  if (outcome === 'nobody') throw new ApiError('nobody_can_decide');
  return describeOwnSession(ctx, deps);
}

/** At once, so that somebody whose password was stolen can say so before it is decided. */
async function tellPerson(tx: Tx, ctx: Context, sealer: Sealer, person: Membership | undefined) {
  if (person === undefined) return;
  const data = { name: person.name, ...circumstancesOf(ctx) };
  const template = 'own_factor_reset_requested';
  await enqueueMail(tx.query, sealer, { to: person.email, template, data });
}

async function decidersOf(query: Query, { organization_id, id }: Membership) {
  const target = await requireStanding(query, organization_id, id);
  return decidersFor(query, organization_id, target);
}

/** That nobody can decide is written once an hour, however often somebody asks. */
const unheard = new RateLimiter();

function notesOf({ outcome, memberships }: Asked, account: string, reason: string): AuditNote[] {
  if (outcome === 'pending') return [];
  if (outcome === 'nobody' && !unheard.take(account, 1, 3_600_000).allowed) return [];
  return memberships.map(({ organization_id, id }) => ({
    action: 'factor_reset.request',
    object: id,
    details: { reason, can_be_decided: outcome === 'asked' },
    where: { organization: organization_id, mode: null },
  }));
}

async function ask(
  tx: Tx,
  ctx: Context,
  sealer: Sealer,
  { organization_id, id: member, organization, name: person, email }: Membership,
  deciders: readonly Standing[],
  reason: string,
): Promise<void> {
  const { account } = sessionOf(ctx);
  const id = newId('factorReset');
  const { address, device } = circumstancesOf(ctx);
  const values = [organization_id, id, account, member, reason, address ?? null];
  await tx.query(insertReset, values);
  const data = await readFactorReset(tx.query, organization_id, id);
  const scope = { organization: organization_id, mode: 'live' } as const;
  tx.event({ type: 'member.factor_reset_requested', object: id, data, scope });
  const accounts = deciders.map((one) => one.account);
  const told = await tx.query<{ email: string; name: string }>(selectEmails, [accounts]);
  const facts = { at: data.created_at, address, device, organization, person, email };
  for (const { email: to, name } of told) {
    await enqueueMail(tx.query, sealer, {
      to,
      template: 'factor_reset_requested',
      data: { name, ...facts },
      organization: organization_id,
    });
  }
}
