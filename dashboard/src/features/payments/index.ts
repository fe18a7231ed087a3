import type { Page } from '../../app/page.ts';

export { brandName, CardLabel, expiry } from './card-label.tsx';
export { explainDecline } from './explain.ts';
export { PaymentTable } from './payment-table.tsx';
export { PaymentStatus, RefundStatus } from './status.tsx';

export const pages: readonly Page[] = [
  {
    path: '/payments',
    permission: 'payments:read',
    nav: { label: 'Payments', icon: 'card', section: 'payments', order: 10 },
    load: () => import('./payments.tsx'),
  },
  {
    path: '/payments/:id',
    permission: 'payments:read',
    list: '/payments',
    load: () => import('./payment.tsx'),
  },
  {
    path: '/refunds/:id',
    permission: 'refunds:read',
    list: '/payments',
    load: () => import('./refund.tsx'),
  },
];
