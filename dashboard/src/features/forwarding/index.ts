import type { Page } from '../../app/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/forwarding',
    permission: 'forwarding:read',
    nav: { label: 'Forwarding', icon: 'arrow-right', section: 'developers', order: 40 },
    load: () => import('./forwarding.tsx'),
  },
  {
    path: '/forwards/:id',
    permission: 'forwarding:read',
    list: '/forwarding',
    load: () => import('./forward.tsx'),
  },
];
