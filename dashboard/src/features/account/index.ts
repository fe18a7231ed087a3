import type { Page } from '../../app/page.ts';

/** One's own account; nothing here depends on an organization or a mode. */
export const pages: readonly Page[] = [
  { path: '/account', load: () => import('./profile.tsx') },
  { path: '/account/factors', load: () => import('./factors.tsx') },
  { path: '/account/sessions', load: () => import('./sessions.tsx') },
];
