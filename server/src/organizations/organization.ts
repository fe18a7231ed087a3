import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate, type Tx } from '../core/mutate.ts';

type Row = { id: string; name: string; created_at: string };

const selectOwn = statement(
  'organizations.own',
  'SELECT id, name, created_at FROM organizations WHERE id = $1',
);
const rename = statement(
  'organizations.rename',
  'UPDATE organizations SET name = $2 WHERE id = $1 RETURNING id, name, created_at',
);

/** The organization one is working in. */
export async function getOrganization(ctx: ScopedContext): Promise<schemas.Organization> {
  const [row] = await ctx.db.read<Row>(selectOwn, [ctx.scope.organization]);
  if (row === undefined) throw new ApiError('not_found');
  return { object: 'organization', ...row };
}

/** Renames the organization one is working in. */
export async function updateOrganization(
  ctx: ScopedContext,
  name: string,
): Promise<schemas.Organization> {
  const { organization } = ctx.scope;
  return mutate(
    ctx,
    {
      permission: 'organization:write',
      wide: true,
      audit: () => ({ action: 'organization.rename', object: organization, details: { name } }),
    },
    (tx) => renameOrganization(tx, organization, name),
  );
}

/** Renames in the transaction of what makes it necessary. */
export async function renameOrganization(
  tx: Tx,
  id: string,
  name: string,
): Promise<schemas.Organization> {
  const [row] = await tx.query<Row>(rename, [id, name]);
  if (row === undefined) throw new ApiError('not_found');
  return { object: 'organization', ...row };
}
