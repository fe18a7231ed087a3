import { schemas } from 'payos-contract';
import { globalRoute, publicRoute, type Route } from '../core/http/route.ts';
import { createOrganization } from './create-organization.ts';
import { listOrganizations } from './find-organization.ts';
import { getOrganization, updateOrganization } from './organization.ts';

/** Routes of organizations: one's own, and all of them for operators. */
export function organizationRoutes(): Route[] {
  return [
    globalRoute('operator', {
      method: 'POST',
      path: '/operator/organizations',
      permission: 'operator:organizations',
      summary: 'Create an organization',
      tag: 'Organizations',
      body: schemas.CreateOrganization,
      response: { status: 201, schema: schemas.Organization },
      handle: (ctx, { body }) => createOrganization(ctx, body.name),
    }),
    globalRoute('operator', {
      method: 'GET',
      path: '/operator/organizations',
      permission: 'operator:organizations',
      summary: 'List organizations',
      tag: 'Organizations',
      response: { status: 200, schema: schemas.OrganizationList },
      handle: (ctx) => listOrganizations(ctx),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/organization',
      permission: 'members:read',
      summary: 'Retrieve your organization',
      tag: 'Organization',
      response: { status: 200, schema: schemas.Organization },
      handle: (ctx) => getOrganization(ctx),
    }),
    publicRoute({
      method: 'PATCH',
      path: '/v1/organization',
      permission: 'organization:write',
      summary: 'Rename your organization',
      stepUp: 'rename_organization',
      tag: 'Organization',
      body: schemas.UpdateOrganization,
      response: { status: 200, schema: schemas.Organization },
      handle: (ctx, { body }) => updateOrganization(ctx, body.name),
    }),
  ];
}
