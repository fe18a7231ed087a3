import type { schemas } from 'payos-contract';
import { checkRanges } from '../core/check-ranges.ts';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { changePeople } from './change-people.ts';
import { policyColumns, readPolicy, toPolicy } from './policy.ts';
import { mergePolicy, readReaches, whatLocksOut } from './preview-policy.ts';

const upsertPolicy = statement(
  'policies.upsert',
  `INSERT INTO security_policies (organization_id, allowed_factors, idle_minutes, session_hours,
     email_domains, ip_ranges)
   VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT (organization_id) DO UPDATE SET allowed_factors = excluded.allowed_factors,
     idle_minutes = excluded.idle_minutes, session_hours = excluded.session_hours,
     email_domains = excluded.email_domains, ip_ranges = excluded.ip_ranges, updated_at = now()
   RETURNING ${policyColumns}`,
);

type Row = Parameters<typeof toPolicy>[0];

/**
 * Changes the rules for signing in. They hold from everybody's next request on.
 *
 * @throws ApiError `locks_you_out`, `invalid_request`
 */
export async function updatePolicy(
  ctx: ScopedContext,
  input: schemas.UpdateSecurityPolicy,
): Promise<schemas.SecurityPolicy> {
  checkRanges(input.ip_ranges);
  const { organization } = ctx.scope;
  const { policy } = await changePeople<Record<'policy' | 'from', schemas.SecurityPolicy>>(
    ctx,
    {
      permission: 'security_policy:write',
      audit: ({ from, policy: to }) => ({
        action: 'security_policy.update',
        object: organization,
        details: { from, to },
      }),
    },
    async (tx) => {
      const from = await readPolicy(tx.query, organization);
      const wanted = mergePolicy(from, input);
      const reaches = await readReaches(tx.query, organization);
      const against = whatLocksOut(ctx, wanted, reaches);
      if (against.length > 0) throw new ApiError('locks_you_out', { detail: against.join(' ') });
      const [row] = await tx.query<Row>(upsertPolicy, [
        organization,
        wanted.allowed_factors,
        wanted.idle_minutes,
        wanted.session_hours,
        wanted.email_domains,
        wanted.ip_ranges,
      ]);
      if (row === undefined) throw new Error('the policy was not written');
      const policy = toPolicy(row);
      tx.event({ type: 'security_policy.updated', object: organization, data: policy });
      return { policy, from };
    },
  );
  return policy;
}
