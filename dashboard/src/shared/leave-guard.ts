import { useEffect, useRef, useState } from 'react';

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
 * @param active whether something would be lost now
 * @param go follows a link within the dashboard, replacing the second entry of this page
 */
export function useLeaveGuard(active: boolean, ask: Ask, go: (path: string) => void): void {
  const latest = useRef({ ask, go });
  latest.current = { ask, go };
  useEffect(() => {
    if (!active) return undefined;
    asking = (leave) => latest.current.ask(leave);
    return () => {
      asking = undefined;
    };
  }, [active]);
  // The second entry is there until the page is left, also when nothing would be lost any more.
  const [begun, setBegun] = useState(active);
  if (active && !begun) setBegun(true);
  useEffect(() => {
    if (!begun) return undefined;
    const stop = [watchLinks((path) => mayGo(() => latest.current.go(path))), watchButtons()];
    return () => {
      for (const one of stop) one();
    };
  }, [begun]);
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
  let leaving = false;
  const stay = () => history.pushState(history.state, '', location.href);
  const leave = (entries: number) => {
    leaving = true;
    history.go(entries);
  };
  const onBack = () => {
    if (leaving) return;
    if (asking === undefined) return leave(-1);
    stay();
    mayGo(() => leave(-2));
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
