import type { Scope } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { isLiving } from './ends-at.ts';
import { type ApiKeyRow, apiKeyColumns } from './key-row.ts';

const selectLiving = statement(
  'keys.living',
  `SELECT ${apiKeyColumns} FROM api_keys
   WHERE organization_id = $1 AND mode = $2 AND ${isLiving} ORDER BY id DESC LIMIT 1000`,
);

/** The keys of an organization and mode that have not ended, newest first, disabled ones too. */
export function readLivingKeys(query: Query, { organization, mode }: Scope): Promise<ApiKeyRow[]> {
  return query<ApiKeyRow>(selectLiving, [organization, mode]);
}
