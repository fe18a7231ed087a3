import type { Page } from '../../app/page.ts';

export { type Role, roleName, useRoles } from './data.ts';
export { GrantChanges, PermissionLines } from './grant-changes.tsx';
export {
  covers,
  type Grants,
  grantsOf,
  mayGrant,
  ownGrants,
  permissionGroups,
  placeNames,
  places,
} from './grants.ts';
export { PermissionPicker } from './permission-picker.tsx';

export const pages: readonly Page[] = [
  {
    path: '/roles',
    permission: 'members:read',
    nav: { label: 'Roles', icon: 'role', section: 'organization', order: 1 },
    load: () => import('./roles.tsx'),
  },
  { path: '/roles/new', permission: 'roles:write', load: () => import('./new-role.tsx') },
  { path: '/roles/:id', permission: 'members:read', load: () => import('./role.tsx') },
];
