import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { changePeople } from './change-people.ts';
import { readRole, requireHoldsInBoth } from './role.ts';

const findUse = statement(
  'roles.find_use',
  `SELECT 1 AS used FROM members WHERE organization_id = $1 AND $2 IN (role_test, role_live)
   UNION ALL
   SELECT 1 FROM invitations WHERE organization_id = $1 AND $2 IN (role_test, role_live)
     AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()
   LIMIT 1`,
);
const deleteRole = statement(
  'roles.delete',
  'DELETE FROM roles WHERE organization_id = $1 AND id = $2',
);

/**
 * Deletes a role of the organization's own that nobody has and no open invitation promises.
 *
 * @throws ApiError `not_found`, `role_in_use`, `more_than_own`
 */
export async function deleteRoleById(
  ctx: ScopedContext,
  id: string,
): Promise<{ id: string; deleted: true }> {
  const { organization } = ctx.scope;
  await changePeople<schemas.Role>(
    ctx,
    {
      permission: 'roles:write',
      audit: ({ name, permissions }) => ({
        action: 'role.delete',
        object: id,
        details: { name, permissions },
      }),
    },
    async (tx, self) => {
      const role = await readRole(tx.query, organization, id);
      requireHoldsInBoth(self, role.permissions);
      const used = await tx.query(findUse, [organization, id]);
      if (used.length > 0) throw new ApiError('role_in_use');
      await tx.query(deleteRole, [organization, id]);
      tx.event({ type: 'role.deleted', object: id, data: role });
      return role;
    },
  );
  return { id, deleted: true };
}
