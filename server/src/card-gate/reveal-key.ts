import type { schemas } from 'payos-contract';
import type { Scope, ScopedContext } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';

export type RevealKeyRow = Omit<schemas.RevealKey, 'object'> & { requested_by_account: string };

export const revealKeyColumns = `id, mode, name, public_key, thumbprint, status, requested_by,
  requested_by_account, requested_at, decided_by, decided_at, removed_by, removed_at`;

const selectKeys = statement(
  'reveal_keys.list',
  `SELECT ${revealKeyColumns} FROM reveal_keys
   WHERE organization_id = $1 AND mode = $2 ORDER BY id DESC LIMIT 100`,
);
const hold = statement(
  'reveal_keys.hold',
  `SELECT ${revealKeyColumns} FROM reveal_keys
   WHERE organization_id = $1 AND mode = $2 AND id = $3 FOR UPDATE`,
);

/** As the API and events show it. */
export function toRevealKey({ requested_by_account: _, ...row }: RevealKeyRow): schemas.RevealKey {
  return { object: 'reveal_key', ...row };
}

/** The last hundred of this mode, those that were removed included. */
export async function listRevealKeys(ctx: ScopedContext): Promise<schemas.RevealKeyList> {
  const { organization, mode } = ctx.scope;
  const rows = await ctx.db.read<RevealKeyRow>(selectKeys, [organization, mode]);
  return { data: rows.map(toRevealKey) };
}

/** One reveal key, nobody else's meanwhile. @throws ApiError `not_found` */
export async function holdRevealKey(
  query: Query,
  { organization, mode }: Scope,
  id: string,
): Promise<RevealKeyRow> {
  const [row] = await query<RevealKeyRow>(hold, [organization, mode, id]);
  if (row === undefined) throw new ApiError('not_found', { detail: 'No such reveal key.' });
  return row;
}
