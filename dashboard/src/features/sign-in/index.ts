import type { Page } from '../../app/page.ts';

/** Pages for those who are not signed in, or not yet; each may be opened from a link in a mail. */
export const pages: readonly Page[] = [
  { path: '/sign-in', frame: 'bare', load: () => import('./sign-in.tsx') },
  { path: '/setup', frame: 'bare', load: () => import('./set-up.tsx') },
  { path: '/invitation', frame: 'bare', load: () => import('./invitation.tsx') },
  { path: '/forgot-password', frame: 'bare', load: () => import('./forgot-password.tsx') },
  { path: '/password-reset', frame: 'bare', load: () => import('./reset-password.tsx') },
  { path: '/email-change', frame: 'bare', load: () => import('./confirm-email.tsx') },
];
