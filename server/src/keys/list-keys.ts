import type { Mode, schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { type ApiKeyRow, apiKeyColumns, toApiKey } from './key-row.ts';

const selectKeys = statement(
  'keys.list',
  `SELECT ${apiKeyColumns} FROM api_keys
   WHERE ($1::text IS NULL OR organization_id = $1) AND ($2::text IS NULL OR mode = $2)
   ORDER BY created_at DESC, id DESC LIMIT 1000`,
);

/** All keys an operator may see, revoked ones included. */
export async function listKeys(
  ctx: Context,
  filter: { organization?: string; mode?: Mode },
): Promise<{ data: schemas.ApiKey[] }> {
  const values = [filter.organization ?? null, filter.mode ?? null];
  const rows = await ctx.db.read<ApiKeyRow>(selectKeys, values);
  return { data: rows.map(toApiKey) };
}
