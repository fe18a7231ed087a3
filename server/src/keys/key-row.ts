import type { Mode, schemas } from 'payos-contract';

export const apiKeyColumns = `organization_id, id, mode, kind, name, hint, permissions, rate_limit,
  api_version, owner_id, created_at, revoked_at, revoked_reason`;

export type ApiKeyRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  kind: 'secret' | 'publishable';
  name: string;
  hint: string;
  permissions: string[];
  rate_limit: number | null;
  api_version: string;
  owner_id: string | null;
  created_at: string;
  revoked_at: string | null;
  revoked_reason: string | null;
};

/** The key as the API shows it: never the key, never its hash. */
export function toApiKey(row: ApiKeyRow): schemas.ApiKey {
  const { organization_id, owner_id, ...rest } = row;
  return { object: 'api_key', organization: organization_id, owner: owner_id, ...rest };
}
