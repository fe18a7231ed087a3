import type { IncomingMessage } from 'node:http';
import type { Answer } from '../core/answer.ts';
import { Refusal } from '../core/problem.ts';
import type { KnownKey } from './key-memory.ts';

/**
 * Pages of every origin may ask and may read the answer: a key counts, never a cookie. Which pages
 * a key works on is checked with the key, because a preflight comes without one.
 */
export const corsHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers':
    'PayOS-Request-Id, PayOS-Version, Idempotency-Replayed, ' +
    'RateLimit, RateLimit-Policy, Retry-After',
};

/** What a browser asks before it sends a token request (Fetch, CORS-preflight). */
export async function preflight(): Promise<Answer> {
  return {
    status: 200,
    body: {},
    headers: {
      ...corsHeaders,
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers':
        'Authorization, Content-Type, Idempotency-Key, PayOS-Mode, PayOS-Version',
      'Access-Control-Max-Age': '7200',
    },
  };
}

/**
 * Whether a page may use this key. Browsers say where a request comes from, and pages cannot
 * change that. It does not stop a program that lies; it stops other pages from using what lies in
 * the open.
 *
 * @throws Refusal `origin_not_allowed`, `secret_key_in_browser`
 */
export function requireOrigin(request: IncomingMessage, key: KnownKey): void {
  if (key.kind === 'secret') {
    if (!isFromPage(request)) return;
    throw new Refusal('secret_key_in_browser');
  }
  const origins = request.headersDistinct['origin'];
  const [origin] = origins ?? [];
  if (key.allowed_origins.length === 0 || isOurOwn(request)) return;
  if (origins?.length === 1 && origin !== undefined && key.allowed_origins.includes(origin)) return;
  const where = origin === undefined ? 'The request names no origin.' : `It is ${shown(origin)}.`;
  throw new Refusal('origin_not_allowed', { detail: where });
}

/**
 * Whether it comes from a document of the vault's own: a frame of the secure fields, which browsers
 * show only in pages that the key allows (`frame-ancestors`). Pages cannot send this header.
 */
export function isOurOwn({ headersDistinct }: IncomingMessage): boolean {
  const [site, ...more] = headersDistinct['sec-fetch-site'] ?? [];
  return site === 'same-origin' && more.length === 0;
}

/** Whether a page in a browser sent it: programs have no reason to send these headers (Fetch). */
export function isFromPage({ headersDistinct }: IncomingMessage): boolean {
  return headersDistinct['origin'] !== undefined || headersDistinct['sec-fetch-site'] !== undefined;
}

/** Somebody else's text in our answer: only what an origin may consist of. */
function shown(origin: string): string {
  return /^[\w.:/[\]-]{1,200}$/.test(origin) ? origin : 'not one that a browser would send';
}
