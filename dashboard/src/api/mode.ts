import type { Mode } from 'payos-contract';
import { useSyncExternalStore } from 'react';
import { remember, remembered } from '../storage.ts';

let current: Mode = remembered('mode') === 'live' ? 'live' : 'test';
const listeners = new Set<() => void>();

/** Test or live: which data is shown, sent with every request. */
export const currentMode = (): Mode => current;

export function setMode(mode: Mode): void {
  if (mode === current) return;
  current = mode;
  remember('mode', mode);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useMode = (): Mode => useSyncExternalStore(subscribe, currentMode);

// Two tabs with different modes side by side invite mistakes: they change together.
addEventListener('storage', ({ key, newValue }) => {
  if (key === 'payos.mode' && (newValue === 'test' || newValue === 'live')) setMode(newValue);
});
