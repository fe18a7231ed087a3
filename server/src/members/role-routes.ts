import { schemas } from 'payos-contract';
import Type from 'typebox';
import { publicRoute, type Route } from '../core/http/route.ts';
import { createRole } from './create-role.ts';
import { deleteRoleById } from './delete-role.ts';
import { listRoles } from './role.ts';
import { updateRoleById } from './update-role.ts';

const params = Type.Object({ id: schemas.Id('role') }, schemas.closed);
const tag = 'Roles';

/** Roles of an organization's own; the built-in ones are listed with them and cannot be changed. */
export function roleRoutes(): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/roles',
      permission: 'members:read',
      summary: 'List roles',
      tag,
      response: { status: 200, schema: schemas.RoleList },
      handle: (ctx) => listRoles(ctx),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/roles',
      permission: 'roles:write',
      summary: 'Create a role',
      tag,
      body: schemas.CreateRole,
      response: { status: 201, schema: schemas.Role },
      errors: ['role_name_taken', 'more_than_own'],
      idempotency: 'optional',
      stepUp: 'change_roles',
      handle: (ctx, { body }) => createRole(ctx, body),
    }),
    publicRoute({
      method: 'PATCH',
      path: '/v1/roles/:id',
      permission: 'roles:write',
      summary: 'Change a role',
      tag,
      params,
      body: schemas.UpdateRole,
      response: { status: 200, schema: schemas.Role },
      errors: ['role_name_taken', 'more_than_own'],
      stepUp: 'change_roles',
      handle: (ctx, { params: { id }, body }) => updateRoleById(ctx, id, body),
    }),
    publicRoute({
      method: 'DELETE',
      path: '/v1/roles/:id',
      permission: 'roles:write',
      summary: 'Delete a role',
      tag,
      params,
      response: { status: 200, schema: schemas.Deleted },
      errors: ['role_in_use', 'more_than_own'],
      stepUp: 'change_roles',
      handle: (ctx, { params: { id } }) => deleteRoleById(ctx, id),
    }),
  ];
}
