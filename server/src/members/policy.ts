import type { schemas } from 'payos-contract';
import { defaultPolicy, isDomainAllowed } from '../access/index.ts';
import type { ScopedContext } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';

type Row = Omit<schemas.SecurityPolicy, 'object' | 'updated_at'> & { updated_at: string };

export const policyColumns = `allowed_factors, idle_minutes, session_hours, email_domains,
  ip_ranges, updated_at`;
const selectPolicy = statement(
  'policies.get',
  `SELECT ${policyColumns} FROM security_policies WHERE organization_id = $1`,
);

/** The rules for signing in; those of everybody while the organization has none of its own. */
export async function readPolicy(
  query: Query,
  organization: string,
): Promise<schemas.SecurityPolicy> {
  const [row] = await query<Row>(selectPolicy, [organization]);
  return row === undefined ? standard() : toPolicy(row);
}

/** The rules of the organization one is working in. */
export function getPolicy(ctx: ScopedContext): Promise<schemas.SecurityPolicy> {
  return readPolicy(ctx.db.read, ctx.scope.organization);
}

/** The rules as the API shows them. */
export function toPolicy(row: Row): schemas.SecurityPolicy {
  return { object: 'security_policy', ...row };
}

function standard(): schemas.SecurityPolicy {
  const { allowed_factors, email_domains, ip_ranges, ...rest } = defaultPolicy;
  return {
    object: 'security_policy',
    ...rest,
    allowed_factors: [...allowed_factors],
    email_domains: [...email_domains],
    ip_ranges: [...ip_ranges],
    updated_at: null,
  };
}

/** @throws ApiError `email_domain_refused` */
export async function requireDomain(
  query: Query,
  organization: string,
  email: string,
): Promise<void> {
  const { email_domains } = await readPolicy(query, organization);
  if (isDomainAllowed(email_domains, email)) return;
  const detail = `Allowed are addresses of: ${email_domains.join(', ')}.`;
  throw new ApiError('email_domain_refused', { detail });
}
