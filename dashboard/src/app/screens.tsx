import { type ComponentType, lazy, type ReactNode, useState } from 'react';
import { matchRoutes } from 'react-router';
import { loadSession } from '../api/session.ts';
import { countFetch } from './page-fetches.tsx';
import { pages } from './pages.ts';

type Load = () => Promise<{ default: ComponentType }>;

/**
 * A component whose code is fetched when it is first needed, or before: then it is drawn at once.
 * React alone would show that it waits, and for 300 ms at least, once for each thing it waits for.
 */
function screenOf(load: Load): { Screen: ComponentType; preload: Load } {
  let loaded: Awaited<ReturnType<Load>> | undefined;
  const preload: Load = async () => {
    loaded ??= await countFetch(load);
    return loaded;
  };
  const Later = lazy(preload);
  const Screen = (): ReactNode => {
    // Kept, because a component that changes its type would lose its state.
    const [Drawn] = useState(() => loaded?.default ?? Later);
    return <Drawn />;
  };
  return { Screen, preload };
}

/** Everything around a page, for those who are signed in. */
export const shell = screenOf(() => import('./shell.tsx'));
export const screens = pages.map((page) => ({ ...page, ...screenOf(page.load) }));

const routes = screens.map((screen) => ({ path: screen.path, screen }));

const screenAt = (path: string) => matchRoutes(routes, path)?.[0]?.route.screen;

/**
 * Fetches what the first view is made of, all at once: who is there, and the code. What does not
 * come is asked for again when it is drawn, which then says what is wrong.
 */
export async function preloadFirstView(path: string): Promise<void> {
  const screen = screenAt(path);
  const frame = screen?.frame === 'bare' ? undefined : shell.preload();
  const [session] = await Promise.allSettled([loadSession(), screen?.preload(), frame]);
  const known = session.status === 'fulfilled' && session.value?.state === 'active';
  if (!known && screen?.frame !== 'bare')
    await screenAt('/sign-in')
      ?.preload()
      .catch(() => {});
}

/** Fetches a page as soon as somebody points at a link to it. */
export function preloadPagesPointedAt(): void {
  const preload = ({ target }: Event) => {
    const link = target instanceof Element ? target.closest('a') : null;
    if (link === null || link.origin !== location.origin) return;
    screenAt(link.pathname)
      ?.preload()
      .catch(() => {});
  };
  for (const type of ['pointerover', 'focusin']) document.addEventListener(type, preload);
}
