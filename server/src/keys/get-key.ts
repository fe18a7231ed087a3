import type { schemas } from 'payos-contract';
import type { Context, Scope, ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { type KeyDependencies, noKey, scopeOfKey } from './change-key.ts';
import { toEntries } from './key-entry.ts';
import { type ApiKeyRow, apiKeyColumns } from './key-row.ts';

const selectKey = statement(
  'keys.get',
  `SELECT ${apiKeyColumns} FROM api_keys WHERE organization_id = $1 AND mode = $2 AND id = $3`,
);

/** One key, with how far its last change has come. @throws ApiError `not_found` */
export async function getKey(
  ctx: Context,
  { propagating }: KeyDependencies,
  id: string,
): Promise<schemas.ApiKeyDetail> {
  const scope = await scopeOfKey(ctx, id);
  const [entry, last_change] = await Promise.all([
    readEntry(ctx, scope, id),
    propagating.readPropagation(scope, id),
  ]);
  return { ...entry, last_change };
}

/**
 * The key that asks: so that a program knows when it has to replace it.
 *
 * @throws ApiError `keys_only`
 */
export async function getOwnKey(ctx: ScopedContext): Promise<schemas.ApiKeyEntry> {
  return readEntry(ctx, ctx.scope, requireKey(ctx));
}

/** The id of the key that asks. @throws ApiError `keys_only` for a person */
export function requireKey({ actor }: Context): string {
  if (actor.type !== 'api_key') throw new ApiError('keys_only');
  return actor.id;
}

async function readEntry(
  ctx: Context,
  { organization, mode }: Scope,
  id: string,
): Promise<schemas.ApiKeyEntry> {
  const [row] = await ctx.db.read<ApiKeyRow>(selectKey, [organization, mode, id]);
  if (row === undefined) throw noKey();
  const [entry] = await toEntries(ctx.db.read, organization, [row]);
  if (entry === undefined) throw noKey();
  return entry;
}
