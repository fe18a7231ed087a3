import type { schemas } from 'payos-contract';
import { endSessions, holdAccount, removeFactors } from '../access/index.ts';
import type { ScopedContext } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { enqueueMail } from '../mail/index.ts';
import { changePeople } from './change-people.ts';
import { decidersFor, readFactorReset } from './factor-reset.ts';
import { requireStanding } from './member.ts';
import { mayManage, requireMayManage, requireOther, type Standing } from './standing.ts';

const decide = statement(
  'resets.decide',
  `UPDATE factor_resets SET status = $3, decided_by = $4, decided_at = now()
   WHERE organization_id = $1 AND id = $2 AND status = 'pending' RETURNING account_id`,
);
/** Whoever gave a factor after asking has not lost all of them. */
const selectUse = statement(
  'resets.use_since',
  `SELECT 1 AS used FROM sessions s JOIN factor_resets f ON f.account_id = s.account_id
   WHERE f.organization_id = $1 AND f.id = $2
     AND (s.factor_at > f.created_at OR (s.state = 'active' AND s.created_at > f.created_at))
   LIMIT 1`,
);
/**
 * Whether an organization in which the person is a member now has not agreed: also one that was not
 * asked, because they came or came back since. Where they have left, nobody needs to agree.
 */
const selectOpen = statement(
  'resets.still_open',
  `SELECT 1 AS open FROM factor_resets f
   JOIN members m ON m.account_id = f.account_id AND m.status = 'active'
   WHERE f.organization_id = $1 AND f.id = $2 AND NOT EXISTS (
     SELECT FROM factor_resets o WHERE o.account_id = f.account_id
       AND o.created_at = f.created_at AND o.organization_id = m.organization_id
       AND o.status = 'approved'
   ) LIMIT 1`,
);
const selectOrganizationName = statement(
  'resets.organization_name',
  'SELECT name FROM organizations WHERE id = $1',
);

/**
 * Lets a person enrol new factors. Once every organization they belong to has agreed, the old
 * factors go, all sessions end, and for a day the password is enough to enrol (PCI DSS 8.5.1).
 *
 * @throws ApiError `not_found`, `own_membership`, `more_than_own`, `decided_already`
 */
export function approveFactorReset(
  ctx: ScopedContext,
  sealer: Sealer,
  id: string,
): Promise<schemas.FactorReset> {
  const { organization } = ctx.scope;
  return decideReset(ctx, sealer, id, 'approved', async (tx, self, target) => {
    await requireMayDecide(tx.query, organization, self, target);
    await holdAccount(tx, target.account);
    const [used] = await tx.query(selectUse, [organization, id]);
    if (!target.active || used !== undefined) {
      const detail = target.active
        ? 'This person has signed in with a factor since. Refuse the request.'
        : 'This member was disabled.';
      throw new ApiError('decided_already', { detail });
    }
  });
}

/** Refuses the request, in whichever organization: it ends everywhere. @throws `not_found`, … */
export function refuseFactorReset(
  ctx: ScopedContext,
  sealer: Sealer,
  id: string,
): Promise<schemas.FactorReset> {
  return decideReset(ctx, sealer, id, 'refused', async () => {});
}

async function requireMayDecide(
  query: Query,
  organization: string,
  self: Standing,
  target: Standing,
): Promise<void> {
  if (mayManage(self, target)) return;
  const others = await decidersFor(query, organization, target);
  if (others.length > 0) return requireMayManage(self, target);
  const detail =
    'Nobody in the organization has all that this person has. Whoever runs the machine can help: ' +
    '`npx payos accounts reset-factors`.';
  throw new ApiError('more_than_own', { detail });
}

type Decided = { reset: schemas.FactorReset; target: Standing; removed: boolean };

async function decideReset(
  ctx: ScopedContext,
  sealer: Sealer,
  id: string,
  status: 'approved' | 'refused',
  check: (tx: Tx, self: Standing, target: Standing) => Promise<void>,
): Promise<schemas.FactorReset> {
  const { organization } = ctx.scope;
  const action = status === 'approved' ? 'factor_reset.approve' : 'factor_reset.refuse';
  const { reset } = await changePeople<Decided>(
    ctx,
    {
      permission: 'members:suspend',
      audit: ({ target, removed }) => ({
        action,
        object: target.id,
        details: { factor_reset: id, factors_removed: removed },
      }),
    },
    async (tx, self) => {
      const asked = await readFactorReset(tx.query, organization, id);
      const target = await requireStanding(tx.query, organization, asked.member);
      requireOther(self, target);
      await check(tx, self, target);
      const decided = await tx.query(decide, [organization, id, status, self.id]);
      if (decided.length === 0) throw new ApiError('decided_already');
      const reset = await readFactorReset(tx.query, organization, id);
      tx.event({ type: `member.factor_reset_${status}`, object: id, data: reset });
      const [open] = await tx.query(selectOpen, [organization, id]);
      const removed = status === 'approved' && open === undefined;
      if (removed) await letEnrolAnew(tx, target.account);
      if (removed || status === 'refused') await tell(tx, sealer, organization, reset);
      return { reset, target, removed };
    },
  );
  return reset;
}

async function letEnrolAnew(tx: Tx, account: string): Promise<void> {
  await removeFactors(tx, account);
  await endSessions(tx, { account }, 'factors_removed');
}

async function tell(
  tx: Tx,
  sealer: Sealer,
  organization: string,
  { email, name, status, decided_at }: schemas.FactorReset,
): Promise<void> {
  const [row] = await tx.query<{ name: string }>(selectOrganizationName, [organization]);
  const template = status === 'approved' ? 'factor_reset_approved' : 'factor_reset_refused';
  const data = { name, organization: row?.name ?? '', at: decided_at ?? '' };
  await enqueueMail(tx.query, sealer, { to: email, template, data, organization });
}
