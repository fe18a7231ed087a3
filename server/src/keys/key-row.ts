import type { Mode, schemas } from 'payos-contract';
import { clock } from '../core/clock.ts';
import { dueAt, endsAt } from './ends-at.ts';

const own = [
  'organization_id, id, mode, kind, name, service, hint, permissions, ip_ranges',
  'allowed_origins, amount_limits, customers, rate_limit, api_version, owner_id',
  'predecessor_id, successor_id, created_at, updated_at, expires_at, retires_at, disabled_at',
  'disabled_reason, exposed_at, exposed_how, exposed_where, revoked_at, revoked_reason',
  'spending_key_id, rolled_by_self',
]
  .join(', ')
  .split(', ')
  .map((name) => `api_keys.${name}`)
  .join(', ');

/** Of a row of `api_keys` under its own name, with what follows from the organization's rules. */
export const apiKeyColumns = `${own}, ${endsAt} AS ends_at, ${dueAt} AS due_at`;

export type ApiKeyRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  kind: schemas.ApiKey['kind'];
  name: string;
  service: string | null;
  hint: string;
  permissions: string[];
  ip_ranges: string[];
  allowed_origins: string[];
  amount_limits: schemas.AmountLimit[];
  customers: string[];
  rate_limit: number | null;
  api_version: string;
  owner_id: string | null;
  predecessor_id: string | null;
  successor_id: string | null;
  created_at: string;
  updated_at: string;
  expires_at: string | null;
  retires_at: string | null;
  disabled_at: string | null;
  disabled_reason: string | null;
  exposed_at: string | null;
  exposed_how: schemas.ApiKey['exposed_how'];
  exposed_where: string | null;
  revoked_at: string | null;
  revoked_reason: string | null;
  /** Null: its own id. */
  spending_key_id: string | null;
  rolled_by_self: boolean;
  ends_at: string | null;
  due_at: string | null;
};

/** The key as the API shows it: never the key, never its hash. */
export function toApiKey(row: ApiKeyRow): schemas.ApiKey {
  const { organization_id, owner_id, predecessor_id, successor_id, ...others } = row;
  const { ends_at: _ends, due_at: _due, spending_key_id: _first, ...shown } = others;
  const { rolled_by_self: _self, ...rest } = shown;
  return {
    object: 'api_key',
    organization: organization_id,
    owner: owner_id,
    predecessor: predecessor_id,
    successor: successor_id,
    status: statusOf(row),
    ...rest,
  };
}

/** What a key is now. What it was stays: a key that ended and is revoked later is revoked. */
export function statusOf(row: ApiKeyRow): schemas.ApiKey['status'] {
  if (row.revoked_at !== null) return 'revoked';
  if (isPast(row.ends_at)) return 'expired';
  if (row.disabled_at !== null) return 'disabled';
  return row.retires_at === null ? 'active' : 'retiring';
}

/** Whether the rules wanted it replaced before now. */
export function isOverdue(row: Pick<ApiKeyRow, 'due_at'>): boolean {
  return isPast(row.due_at);
}

function isPast(time: string | null): boolean {
  return time !== null && Date.parse(time) <= clock.nowMs();
}
