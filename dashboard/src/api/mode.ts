import type { Mode } from 'payos-contract';
import { useSyncExternalStore } from 'react';
import { remember, remembered } from '../storage.ts';

let current: Mode = remembered('mode') === 'live' ? 'live' : 'test';
const listeners = new Set<() => void>();

/** Test or live: which data is shown, sent with every request. */
export const currentMode = (): Mode => current;

let keeping = false;

/** Whether the object that is open is looked for in the mode that was switched on last. */
export const keepsObject = (): boolean => keeping;

/** @param keep an object that is open stays open: it is looked for in the other mode */
export function setMode(mode: Mode, keep = false): void {
  if (mode === current) return;
  current = mode;
  keeping = keep;
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
