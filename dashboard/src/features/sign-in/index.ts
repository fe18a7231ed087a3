import type { Page } from '../../app/page.ts';

export const pages: readonly Page[] = [
  { path: '/sign-in', frame: 'bare', load: () => import('./sign-in.tsx') },
];
