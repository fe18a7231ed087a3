import type { Mode, schemas } from 'payos-contract';
import type { Scope, ScopedContext } from '../../core/context.ts';
import { type Query, statement } from '../../core/db.ts';
import { defaultMaxAgeDays } from '../ends-at.ts';

export const policyColumns = `mode, max_age_days, on_overdue, longest_expiry_days,
  require_ip_ranges, one_service_per_key, on_plain_http, on_leak_report, updated_at`;
export type PolicyRow = Omit<schemas.ApiKeyPolicy, 'object'>;

const selectPolicy = statement(
  'key_policies.get',
  `SELECT ${policyColumns} FROM api_key_policies WHERE organization_id = $1 AND mode = $2`,
);

/** The rules of an organization for its keys of one mode; everybody's while it has set none. */
export async function readKeyPolicy(
  query: Query,
  { organization, mode }: Scope,
): Promise<schemas.ApiKeyPolicy> {
  const [row] = await query<PolicyRow>(selectPolicy, [organization, mode]);
  return row === undefined ? standard(mode) : toPolicy(row);
}

/** The rules for the keys one is looking at. */
export function getKeyPolicy(ctx: ScopedContext): Promise<schemas.ApiKeyPolicy> {
  return readKeyPolicy(ctx.db.read, ctx.scope);
}

/** The rules as the API shows them. */
export function toPolicy(row: PolicyRow): schemas.ApiKeyPolicy {
  return { object: 'api_key_policy', ...row };
}

function standard(mode: Mode): schemas.ApiKeyPolicy {
  return {
    object: 'api_key_policy',
    mode,
    max_age_days: defaultMaxAgeDays,
    on_overdue: 'warn',
    longest_expiry_days: null,
    require_ip_ranges: false,
    one_service_per_key: false,
    on_plain_http: 'flag',
    on_leak_report: 'revoke',
    updated_at: null,
  };
}
