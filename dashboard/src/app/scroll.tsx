import { useLayoutEffect } from 'react';
import { useLocation, useNavigationType } from 'react-router';

const positions = new Map<string, number>();
/** How long a page that is still loading may take until it is tall enough, in milliseconds. */
const patienceMs = 1_000;

/** A new page begins at its top; going back returns to where one was. */
export function ScrollKeeper(): null {
  const { key, pathname } = useLocation();
  const type = useNavigationType();
  useLayoutEffect(() => {
    history.scrollRestoration = 'manual';
    const target = type === 'POP' ? (positions.get(key) ?? 0) : undefined;
    const stop = target === undefined || target === 0 ? undefined : scrollWhenTall(target);
    return () => {
      stop?.();
      positions.set(key, scrollY);
    };
  }, [key, type]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another path begins at its top
  useLayoutEffect(() => {
    if (type !== 'POP') scrollTo({ top: 0, behavior: 'instant' });
  }, [pathname]);
  return null;
}

function scrollWhenTall(top: number): () => void {
  const attempt = () => {
    scrollTo({ top, behavior: 'instant' });
    if (scrollY >= top - 1) observer.disconnect();
  };
  const observer = new ResizeObserver(attempt);
  observer.observe(document.documentElement);
  const timer = setTimeout(() => observer.disconnect(), patienceMs);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}
