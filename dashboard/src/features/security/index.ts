import type { Page } from '../../app/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/security',
    permission: 'security_policy:read',
    nav: { label: 'Security', icon: 'shield', section: 'organization', order: 2 },
    load: () => import('./security.tsx'),
  },
];
