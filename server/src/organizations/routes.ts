import { schemas } from 'payos-contract';
import { globalRoute, type Route } from '../core/http/route.ts';
import { createOrganization } from './create-organization.ts';
import { listOrganizations } from './find-organization.ts';

/** Operator routes of organizations. */
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
  ];
}
