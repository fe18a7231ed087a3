import { type ReactNode, useSyncExternalStore } from 'react';
import { useLocation } from 'react-router';

let count = 0;
const listeners = new Set<() => void>();

function add(by: number): void {
  count += by;
  // A fetch may begin while something is drawn, when nothing may ask to be drawn anew.
  queueMicrotask(() => {
    for (const listener of listeners) listener();
  });
}

/** Does what fetches the code of a page, and counts it meanwhile. */
export async function countFetch<T>(fetchCode: () => Promise<T>): Promise<T> {
  add(1);
  try {
    return await fetchCode();
  } finally {
    add(-1);
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says that the page one has gone to is on its way, when that takes a moment. */
export function PageOnItsWay(): ReactNode {
  const { pathname } = useLocation();
  const fetching = useSyncExternalStore(subscribe, () => count);
  // The address changes with the click, what is drawn with the page.
  if (fetching === 0 || pathname === location.pathname) return null;
  return (
    <div role="status" className="page-bar late">
      <span className="sr-only">Loading …</span>
    </div>
  );
}
