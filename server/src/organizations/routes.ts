import { schemas } from 'payos-contract';
import { globalRoute, publicRoute, type Route } from '../core/http/route.ts';
import { getBranding, updateBranding } from './branding/branding.ts';
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
    ...brandingRoutes(),
  ];
}

/** How the organization looks to those who pay it. */
function brandingRoutes(): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/organization/branding',
      permission: 'members:read',
      summary: 'Retrieve how your checkout page looks',
      tag: 'Organization',
      response: { status: 200, schema: schemas.Branding },
      handle: (ctx) => getBranding(ctx),
    }),
    publicRoute({
      method: 'PATCH',
      path: '/v1/organization/branding',
      permission: 'organization:write',
      summary: 'Change how your checkout page looks',
      stepUp: 'change_branding',
      tag: 'Organization',
      body: schemas.UpdateBranding,
      bodyMax: 160_000,
      response: { status: 200, schema: schemas.Branding },
      errors: ['logo_refused'],
      handle: (ctx, { body }) => updateBranding(ctx, body),
    }),
  ];
}
