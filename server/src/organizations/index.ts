export { logoPath } from './branding/branding.ts';
export { findLogo } from './branding/find-logo.ts';
export { findOrganization, listOrganizations } from './find-organization.ts';
export { renameOrganization } from './organization.ts';
export { organizationRoutes } from './routes.ts';
