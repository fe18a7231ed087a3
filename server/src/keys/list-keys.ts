import type { Mode, schemas } from 'payos-contract';
import type { Context, ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { type PageOf, requireOneCursor, toPage } from '../core/page.ts';
import { endsAt } from './ends-at.ts';
import { toEntries } from './key-entry.ts';
import { type ApiKeyRow, apiKeyColumns } from './key-row.ts';

const selectAll = statement(
  'keys.list_all',
  `SELECT ${apiKeyColumns} FROM api_keys
   WHERE ($1::text IS NULL OR organization_id = $1) AND ($2::text IS NULL OR mode = $2)
   ORDER BY created_at DESC, id DESC LIMIT 1000`,
);

/** As SQL: the status that the API shows. */
const status = `CASE
    WHEN revoked_at IS NOT NULL THEN 'revoked'
    WHEN coalesce(${endsAt} <= clock_timestamp(), false) THEN 'expired'
    WHEN disabled_at IS NOT NULL THEN 'disabled'
    WHEN retires_at IS NOT NULL THEN 'retiring'
    ELSE 'active' END`;
const page = (cursor: string, order: string) => `SELECT ${apiKeyColumns} FROM api_keys
   WHERE organization_id = $1 AND mode = $2
     AND ($3::text IS NULL OR kind = $3) AND ($4::text IS NULL OR owner_id = $4)
     AND ($5::text IS NULL OR ${status} = $5)
     AND ($6::text IS NULL OR id ${cursor} $6)
   ORDER BY id ${order} LIMIT $7`;
const selectOlder = statement('keys.list', page('<', 'DESC'));
const selectNewer = statement('keys.list_newer', page('>', 'ASC'));

/** One page of the keys of an organization and mode, newest first, those that ended included. */
export async function listKeys(
  ctx: ScopedContext,
  query: schemas.ListApiKeys,
): Promise<PageOf<schemas.ApiKeyEntry>> {
  requireOneCursor(query);
  const { kind = null, owner = null, status: wanted = null, limit = 20, after, before } = query;
  const { organization, mode } = ctx.scope;
  const backwards = before !== undefined;
  const values = [organization, mode, kind, owner, wanted, before ?? after ?? null, limit + 1];
  const rows = await ctx.db.read<ApiKeyRow>(backwards ? selectNewer : selectOlder, values);
  const { data, ...rest } = toPage(rows, limit, backwards);
  return { data: await toEntries(ctx.db.read, organization, data), ...rest };
}

/** All keys an operator may see, revoked ones included. */
export async function listAllKeys(
  ctx: Context,
  filter: { organization?: string; mode?: Mode },
): Promise<{ data: schemas.ApiKeyEntry[] }> {
  const values = [filter.organization ?? null, filter.mode ?? null];
  const rows = await ctx.db.read<ApiKeyRow>(selectAll, values);
  const organizations = [...new Set(rows.map((row) => row.organization_id))];
  const entries = new Map<string, schemas.ApiKeyEntry>();
  for (const organization of organizations) {
    const own = rows.filter((row) => row.organization_id === organization);
    for (const entry of await toEntries(ctx.db.read, organization, own)) {
      entries.set(entry.id, entry);
    }
  }
  return { data: rows.flatMap((row) => entries.get(row.id) ?? []) };
}
