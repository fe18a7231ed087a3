import type { schemas } from 'payos-contract';
import { hasAllowedFactor, isDomainAllowed, isWithin } from '../access/index.ts';
import { checkRanges } from '../core/check-ranges.ts';
import { type ScopedContext, sessionOf } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { readPolicy } from './policy.ts';

const selectReach = statement(
  'policies.reach',
  `SELECT m.id, a.name, a.email,
     EXISTS (SELECT 1 FROM passkeys k WHERE k.account_id = a.id) AS passkey,
     EXISTS (SELECT 1 FROM totp_factors t
       WHERE t.account_id = a.id AND t.confirmed_at IS NOT NULL) AS totp,
     (SELECT host(s.address) FROM sessions s
       WHERE s.account_id = a.id AND s.organization_id = m.organization_id
         AND s.state = 'active' AND s.address IS NOT NULL
       ORDER BY s.last_used_at DESC LIMIT 1) AS address
   FROM members m JOIN accounts a ON a.id = m.account_id
   WHERE m.organization_id = $1 AND m.status = 'active' ORDER BY m.created_at, m.id`,
);

/** What decides whether a member can get in. `address`: where they were seen last. */
type Reach = {
  id: string;
  name: string;
  email: string;
  passkey: boolean;
  totp: boolean;
  address: string | null;
};

/** How every active member can get in. */
export function readReaches(query: Query, organization: string): Promise<Reach[]> {
  return query<Reach>(selectReach, [organization]);
}

/** The rules as they would be. */
export function mergePolicy(
  now: schemas.SecurityPolicy,
  input: schemas.UpdateSecurityPolicy,
): schemas.SecurityPolicy {
  return { ...now, ...input };
}

/** Who could not get in under other rules, or not without enrolling something first. */
export async function previewPolicy(
  ctx: ScopedContext,
  input: schemas.UpdateSecurityPolicy,
): Promise<schemas.PolicyPreview> {
  checkRanges(input.ip_ranges);
  const { organization } = ctx.scope;
  const policy = mergePolicy(await readPolicy(ctx.db.read, organization), input);
  const reaches = await readReaches(ctx.db.read, organization);
  const locked_out = reaches.flatMap(({ id, name, email, ...rest }) => {
    const reasons = reasonsAgainst(policy, { email, ...rest });
    return reasons.length === 0 ? [] : [{ member: id, name, email, reasons }];
  });
  return { you: whatLocksOut(ctx, policy, reaches), locked_out };
}

type Reason = schemas.PolicyPreview['locked_out'][number]['reasons'][number];

function reasonsAgainst(
  policy: schemas.SecurityPolicy,
  reach: Pick<Reach, 'email' | 'passkey' | 'totp' | 'address'>,
): Reason[] {
  const { email, address } = reach;
  const hasFactor = policy.allowed_factors.some((factor) => reach[factor]);
  const inReach = address === null || isWithin(policy.ip_ranges, address);
  return [
    ...(hasFactor ? [] : (['factor'] as const)),
    ...(isDomainAllowed(policy.email_domains, email) ? [] : (['email_domain'] as const)),
    ...(inReach ? [] : (['address'] as const)),
  ];
}

/** What would refuse the next request of whoever asks, or their next sign-in, in words. */
export function whatLocksOut(
  ctx: ScopedContext,
  policy: schemas.SecurityPolicy,
  reaches: readonly Reach[],
): string[] {
  const { member, proofs } = sessionOf(ctx);
  const own = reaches.find((reach) => reach.id === member);
  if (own === undefined) return [];
  const { address = null } = ctx;
  const words: Record<Reason, string> = {
    factor: `You have no factor among: ${policy.allowed_factors.join(', ')}.`,
    email_domain: `Your address ${own.email} is of none of: ${policy.email_domains.join(', ')}.`,
    address: `You come from ${address}, which is in none of: ${policy.ip_ranges.join(', ')}.`,
  };
  const reasons = reasonsAgainst(policy, { ...own, address });
  const given = hasAllowedFactor({ allowedFactors: policy.allowed_factors }, proofs);
  const without = !reasons.includes('factor') && !given;
  const signIn = `You did not sign in with any of: ${policy.allowed_factors.join(', ')}.`;
  return [...reasons.map((reason) => words[reason]), ...(without ? [signIn] : [])];
}
