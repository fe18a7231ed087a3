export { findOrganization } from './find-organization.ts';
export { organizationRoutes } from './routes.ts';
