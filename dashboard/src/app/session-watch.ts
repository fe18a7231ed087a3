import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { readSession, sessionReadAt } from '../api/client.ts';
import { now } from '../clock.ts';

/** A session younger than this is not read again, in milliseconds. */
const freshMs = 10_000;

/**
 * Rights that are gained cause no refusal by which one would notice. So the session is read again
 * when somebody comes back to the page, or goes to another one. In the background: it is no use.
 */
export function useSessionWatch(): void {
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each navigation is an occasion
  useEffect(refreshOld, [pathname]);
  useEffect(() => {
    addEventListener('focus', refreshOld);
    document.addEventListener('visibilitychange', refreshOld);
    return () => {
      removeEventListener('focus', refreshOld);
      document.removeEventListener('visibilitychange', refreshOld);
    };
  }, []);
}

function refreshOld(): void {
  if (document.visibilityState === 'hidden' || now() - sessionReadAt() < freshMs) return;
  readSession(true).catch(() => {});
}
