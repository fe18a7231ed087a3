import { useEffect, useRef } from 'react';

type Go = () => void;
/** Asked instead of going; calls `go` if it is to be. */
type Ask = (go: Go) => void;

let asking: Ask | undefined;

/** Goes, unless something on the page would be lost: then the person is asked first. */
export function mayGo(go: Go): void {
  const leave = () => {
    asking = undefined;
    go();
  };
  if (asking === undefined) go();
  else asking(leave);
}

/**
 * Asks before the page is left: by a link, by the browser's buttons, by closing the tab.
 *
 * @param go follows a link within the dashboard
 */
export function useLeaveGuard(active: boolean, ask: Ask, go: (path: string) => void): void {
  const latest = useRef({ ask, go });
  latest.current = { ask, go };
  useEffect(() => {
    if (!active) return undefined;
    asking = (leave) => latest.current.ask(leave);
    const stop = [watchLinks((path) => mayGo(() => latest.current.go(path))), watchButtons()];
    return () => {
      asking = undefined;
      for (const one of stop) one();
    };
  }, [active]);
}

function watchLinks(onLink: (path: string) => void): () => void {
  const onClick = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
    if (!(link instanceof HTMLAnchorElement) || !isPlain || link.target === '_blank') return;
    if (link.origin !== location.origin || link.hash !== '') return;
    event.preventDefault();
    event.stopPropagation();
    onLink(link.pathname + link.search);
  };
  document.addEventListener('click', onClick, true);
  return () => document.removeEventListener('click', onClick, true);
}

/** Back leads to a second entry of the same page first, where the question can be put. */
function watchButtons(): () => void {
  const stay = () => history.pushState(history.state, '', location.href);
  const onBack = () => {
    if (asking === undefined) return;
    stay();
    mayGo(() => history.go(-2));
  };
  const onUnload = (event: BeforeUnloadEvent) => {
    if (asking !== undefined) event.preventDefault();
  };
  stay();
  addEventListener('popstate', onBack);
  addEventListener('beforeunload', onUnload);
  return () => {
    removeEventListener('popstate', onBack);
    removeEventListener('beforeunload', onUnload);
  };
}
