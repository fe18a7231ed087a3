import type { Mode } from 'payos-contract';
import { ApiError } from '../core/errors.ts';

/**
 * A URL to which a visitor's browser is sent: https, in test mode also http on the own machine,
 * and nothing in it that says who somebody is.
 *
 * @throws ApiError `checkout_url_refused`
 */
export function requireVisitorUrl(text: string, mode: Mode, param: string): string {
  const url = URL.parse(text);
  const refuse = (detail: string) => new ApiError('checkout_url_refused', { detail, param });
  if (url === null || /\p{Cc}/u.test(text)) throw refuse('It is not a URL.');
  const isLocal = mode === 'test' && url.hostname === 'localhost';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) {
    throw refuse('It must begin with https://.');
  }
  if (url.username !== '' || url.password !== '') throw refuse('It holds a user name.');
  return url.href;
}

/** The URL with what became of the session. Says nothing that would open it. */
export function withStatus(
  text: string,
  status: 'succeeded' | 'processing' | 'canceled',
  session: string,
): string {
  const url = new URL(text);
  url.searchParams.set('status', status);
  url.searchParams.set('checkout_session', session);
  return url.href;
}
