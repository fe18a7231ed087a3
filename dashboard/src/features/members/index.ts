import type { Page } from '../../app/page.ts';

export { useMembers } from './data.ts';
export { LeaveCard } from './leave.tsx';

export const pages: readonly Page[] = [
  {
    path: '/members',
    permission: 'members:read',
    nav: { label: 'Members', icon: 'users', section: 'organization', order: 0 },
    load: () => import('./members.tsx'),
  },
  {
    path: '/members/invitations',
    permission: 'members:read',
    load: () => import('./invitations.tsx'),
  },
  { path: '/members/:id', permission: 'members:read', load: () => import('./member.tsx') },
];
