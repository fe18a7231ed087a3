import type { Page } from '../../app/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/checkout-sessions',
    permission: 'checkout:read',
    nav: { label: 'Checkout', icon: 'link', section: 'payments', order: 15 },
    load: () => import('./sessions.tsx'),
  },
  {
    path: '/checkout-sessions/:id',
    permission: 'checkout:read',
    list: '/checkout-sessions',
    load: () => import('./session.tsx'),
  },
  {
    path: '/branding',
    permission: 'members:read',
    nav: { label: 'Branding', icon: 'pencil', section: 'organization', order: 4 },
    load: () => import('./branding.tsx'),
  },
];
