/**
 * Where to go after signing in. Only a path of the dashboard itself is ever taken from a URL:
 * whoever makes somebody follow a link must not choose where they end up.
 */
export function safeReturn(text: string | null): string {
  if (text === null || !text.startsWith('/')) return '/';
  const origin = 'https://dashboard.invalid';
  const url = URL.parse(text, origin);
  if (url === null || url.origin !== origin || url.pathname.startsWith('//')) return '/';
  if (url.pathname === '/sign-in') return '/';
  return url.pathname + url.search + url.hash;
}
