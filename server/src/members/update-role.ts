import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { changePeople } from './change-people.ts';
import { refusingTakenName } from './create-role.ts';
import { checkedName, readRole, requireHoldsInBoth } from './role.ts';
import { activeStandings } from './standing.ts';
import { tellOfKeys } from './tell-of-keys.ts';

const updateRole = statement(
  'roles.update',
  `UPDATE roles SET name = $3, description = $4, permissions = $5, updated_at = now()
   WHERE organization_id = $1 AND id = $2`,
);

/**
 * Changes a role of the organization's own; those who have it have the change with their next
 * request. What is in it before and after must be what the changing member has.
 *
 * @throws ApiError `not_found`, `role_name_taken`, `more_than_own`
 */
export async function updateRoleById(
  ctx: ScopedContext,
  id: string,
  input: schemas.UpdateRole,
): Promise<schemas.Role> {
  const { organization } = ctx.scope;
  const name = input.name === undefined ? undefined : checkedName(input.name);
  const { role } = await changePeople<{ role: schemas.Role; from: schemas.Role }>(
    ctx,
    {
      permission: 'roles:write',
      audit: ({ from, role: to }) => ({
        action: 'role.update',
        object: id,
        details: { from: partOf(from), to: partOf(to) },
      }),
    },
    async (tx, self) => {
      const from = await readRole(tx.query, organization, id);
      const permissions = input.permissions ?? from.permissions;
      requireHoldsInBoth(self, [...new Set([...from.permissions, ...permissions])]);
      const description = input.description === undefined ? from.description : input.description;
      const values = [organization, id, name ?? from.name, description, permissions];
      const before = await activeStandings(tx.query, organization);
      await refusingTakenName(tx.query(updateRole, values));
      await tellOfKeys(tx, organization, before);
      const role = await readRole(tx.query, organization, id);
      tx.event({ type: 'role.updated', object: id, data: role });
      return { role, from };
    },
  );
  return role;
}

function partOf({ name, permissions }: schemas.Role) {
  return { name, permissions };
}
