import type { Mode, schemas } from 'payos-contract';
import { clock } from '../core/clock.ts';

export const apiKeyColumns = `organization_id, id, mode, kind, name, service, hint, permissions,
  ip_ranges, allowed_origins, amount_limits, customers, rate_limit, api_version, owner_id,
  predecessor_id, successor_id, created_at, updated_at, expires_at, retires_at, disabled_at,
  disabled_reason, exposed_at, exposed_how, revoked_at, revoked_reason`;

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
  revoked_at: string | null;
  revoked_reason: string | null;
};

/** The key as the API shows it: never the key, never its hash. */
export function toApiKey(row: ApiKeyRow): schemas.ApiKey {
  const { organization_id, owner_id, predecessor_id, successor_id, ...rest } = row;
  return {
    object: 'api_key',
    organization: organization_id,
    owner: owner_id,
    predecessor: predecessor_id,
    successor: successor_id,
    status: statusOf(row, clock.nowMs()),
    ...rest,
  };
}

/** @param nowMs Unix milliseconds */
export function statusOf(row: ApiKeyRow, nowMs: number): schemas.ApiKey['status'] {
  const past = (time: string | null) => time !== null && Date.parse(time) <= nowMs;
  if (row.revoked_at !== null) return 'revoked';
  if (past(row.expires_at) || past(row.retires_at)) return 'expired';
  if (row.disabled_at !== null) return 'disabled';
  return row.retires_at === null ? 'active' : 'retiring';
}
