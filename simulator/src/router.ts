import type { Route } from './routes.ts';

type Match =
  | { found: 'route'; route: Route; param: string }
  | { found: 'other_method'; allow: string }
  | { found: 'nothing' };

/** Finds the route of a request. A segment that is not valid percent-encoding finds nothing. */
export function createRouter(routes: readonly Route[]) {
  const compiled = routes.map((route) => {
    return { route, pattern: new RegExp(`^${route.path.replace(/:[a-z]+/, '([^/]+)')}$`) };
  });

  return (method: string, path: string): Match => {
    const allowed: string[] = [];
    for (const { route, pattern } of compiled) {
      const match = pattern.exec(path);
      if (match === null) continue;
      if (route.method !== method) allowed.push(route.method);
      else {
        const param = decode(match[1] ?? '');
        return param === undefined ? { found: 'nothing' } : { found: 'route', route, param };
      }
    }
    if (allowed.length === 0) return { found: 'nothing' };
    return { found: 'other_method', allow: allowed.join(', ') };
  };
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
