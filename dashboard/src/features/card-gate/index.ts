import type { Page } from '../../app/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/card-gate',
    permission: 'card_gate:read',
    nav: { label: 'Card gate', icon: 'lock', section: 'organization', order: 3 },
    load: () => import('./card-gate.tsx'),
  },
];
