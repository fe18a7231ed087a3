import type { Page } from '../../app/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/events',
    permission: 'events:read',
    nav: { label: 'Events', icon: 'bell', section: 'developers', order: 30 },
    load: () => import('./events.tsx'),
  },
  {
    path: '/events/:id',
    permission: 'events:read',
    list: '/events',
    load: () => import('./event.tsx'),
  },
];
