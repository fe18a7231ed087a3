import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError, fieldError } from '../core/errors.ts';

const selectOrganizations = statement(
  'organizations.list',
  'SELECT id, name, created_at FROM organizations ORDER BY created_at, id LIMIT 1000',
);
const selectOrganization = statement(
  'organizations.get',
  'SELECT id FROM organizations WHERE id = $1',
);

type Row = { id: string; name: string; created_at: string };

/** All organizations of this installation, oldest first. */
export async function listOrganizations(ctx: Context): Promise<{ data: schemas.Organization[] }> {
  const rows = await ctx.db.read<Row>(selectOrganizations);
  return { data: rows.map((row) => ({ object: 'organization', ...row })) };
}

/** The organization an operator means: the named one, or the only one there is. */
export async function findOrganization(ctx: Context, id: string | undefined): Promise<string> {
  if (id !== undefined) {
    const [found] = await ctx.db.read<{ id: string }>(selectOrganization, [id]);
    if (found === undefined) throw new ApiError('not_found', { detail: 'No such organization.' });
    return found.id;
  }
  const { data } = await listOrganizations(ctx);
  const [only] = data;
  if (only !== undefined && data.length === 1) return only.id;
  throw fieldError(
    '/organization',
    'missing',
    data.length === 0 ? 'There is no organization yet.' : 'There is more than one organization.',
    data.length === 0 ? 'Create one first.' : 'Name the one you mean.',
  );
}
