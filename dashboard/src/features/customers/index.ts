import type { Page } from '../../app/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/customers',
    permission: 'customers:read',
    nav: { label: 'Customers', icon: 'user', section: 'payments', order: 20 },
    load: () => import('./customers.tsx'),
  },
  {
    path: '/customers/:id',
    permission: 'customers:read',
    list: '/customers',
    load: () => import('./customer.tsx'),
  },
  {
    path: '/payment_methods/:id',
    permission: 'customers:read',
    list: '/customers',
    load: () => import('./payment-method.tsx'),
  },
];
