import { useSyncExternalStore } from 'react';
import { remember, remembered } from '../storage.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const listeners = new Set<() => void>();
let current = asTheme(remembered('theme'));

function asTheme(text: string | null | undefined): Theme {
  return text === 'light' || text === 'dark' ? text : 'system';
}

function apply(theme: Theme): void {
  current = theme;
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  for (const listener of listeners) listener();
}

/** `public/theme.js` applies it before the first paint of the next visit. */
export function setTheme(theme: Theme): void {
  remember('theme', theme === 'system' ? undefined : theme);
  apply(theme);
}

addEventListener('storage', ({ key, newValue }) => {
  if (key === 'payos.theme') apply(asTheme(newValue));
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => current);
