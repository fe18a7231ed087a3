import type { Page } from '../../app/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/audit-log',
    permission: 'audit_log:read',
    nav: { label: 'Audit log', icon: 'list', section: 'organization', order: 4 },
    load: () => import('./audit-log.tsx'),
  },
];
