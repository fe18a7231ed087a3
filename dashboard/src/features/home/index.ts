import type { Page } from '../../app/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/',
    nav: { label: 'Home', icon: 'home', section: 'payments', order: 0 },
    load: () => import('./home.tsx'),
  },
];
