import type { Page } from '../../app/page.ts';

export { KeysInNeed } from './keys-in-need.tsx';

const list = '/api-keys';

export const pages: readonly Page[] = [
  {
    path: list,
    permission: 'keys:read',
    nav: { label: 'API keys', icon: 'key', section: 'developers', order: 0 },
    load: () => import('./api-keys.tsx'),
  },
  {
    path: '/api-keys/new',
    permission: 'keys:write',
    palette: { label: 'Create an API key', icon: 'plus' },
    load: () => import('./new-api-key.tsx'),
  },
  {
    path: '/api-keys/safety',
    permission: 'keys:read',
    palette: { label: 'Key safety', icon: 'shield' },
    load: () => import('./safety.tsx'),
  },
  {
    path: '/api-keys/rules',
    permission: 'keys:read',
    palette: { label: 'Rules for API keys', icon: 'key' },
    load: () => import('./policy.tsx'),
  },
  { path: '/api-keys/:id', permission: 'keys:read', list, load: () => import('./api-key.tsx') },
  {
    path: '/api-keys/:id/edit',
    permission: 'keys:write',
    list,
    load: () => import('./edit-api-key.tsx'),
  },
  {
    path: '/api-keys/:id/rotate',
    permission: 'keys:write',
    list,
    load: () => import('./rotate-api-key.tsx'),
  },
];
