import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement, violates } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/random.ts';
import { changePeople } from './change-people.ts';
import { checkedName, readRole, requireHoldsInBoth } from './role.ts';

const insertRole = statement(
  'roles.insert',
  `INSERT INTO roles (organization_id, id, name, description, permissions)
   VALUES ($1, $2, $3, $4, $5)`,
);

/**
 * Creates a role of the organization's own.
 *
 * @throws ApiError `role_name_taken`, `more_than_own`
 */
export async function createRole(
  ctx: ScopedContext,
  { name, description, permissions }: schemas.CreateRole,
): Promise<schemas.Role> {
  const { organization } = ctx.scope;
  const kept = checkedName(name);
  const id = newId('role');
  return changePeople(
    ctx,
    {
      permission: 'roles:write',
      audit: () => ({ action: 'role.create', object: id, details: { name: kept, permissions } }),
    },
    async (tx, self) => {
      requireHoldsInBoth(self, permissions);
      await refusingTakenName(
        tx.query(insertRole, [organization, id, kept, description ?? null, permissions]),
      );
      const created = await readRole(tx.query, organization, id);
      tx.event({ type: 'role.created', object: id, data: created });
      return created;
    },
  );
}

/** @throws ApiError `role_name_taken` where the database says so */
export async function refusingTakenName<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    throw violates(error, 'roles_name') ? new ApiError('role_name_taken') : error;
  }
}
