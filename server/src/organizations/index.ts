export { findOrganization, listOrganizations } from './find-organization.ts';
export { renameOrganization } from './organization.ts';
export { organizationRoutes } from './routes.ts';
