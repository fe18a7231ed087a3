import type { FastifyRequest } from 'fastify';
import { collectingSecret } from '../checkout/index.ts';
import type { Database } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Authenticate } from '../core/http/identity.ts';
import { networkOf } from '../core/network.ts';
import { RateLimiter, requireTurn } from '../core/rate-limit.ts';
import { findVisited } from './find-visitor.ts';

type Options = {
  db: Database;
  /** Look-ups of secrets not seen good lately, per second and address. */
  addressRate: number;
};

/** Requests per second of one page: it asks while a payment is under way. */
const pageRate = 20;
/** Sessions remembered at most as seen good. */
const knownMax = 50_000;

/**
 * Who asks on the page of a checkout session: whoever holds its secret. It opens this session and
 * nothing else, and says so only as a header, which no other site can send along.
 */
export function authenticateByCheckout({ db, addressRate }: Options): Authenticate {
  const pages = new RateLimiter();
  const strangers = new RateLimiter();
  const known = new Set<string>();
  return async (request) => {
    const beforeLookup = (session: string) => {
      if (known.has(session)) return;
      const verdict = strangers.take(networkOf(request.ip), addressRate);
      requireTurn(verdict, 'Too many unknown checkout pages from this address.');
    };
    const secret = secretOf(request);
    const visited = await findVisited(db, 'visit', secret, beforeLookup);
    const { session: id, limits, organization, mode } = visited;
    if (Reflect.get(request.params as object, 'id') !== id) {
      throw new ApiError('invalid_checkout_secret');
    }
    if (known.size >= knownMax) known.clear();
    known.add(id);
    request.identity = {
      // `payments:write` is for the one payment of this session.
      actor: {
        type: 'checkout_session',
        id,
        isOpen: visited.isOpen,
        collectingSecret: collectingSecret(secret, mode, id),
        permissions,
        limits,
      },
      scope: { organization, mode },
      apiVersion: undefined,
      rate: undefined,
    };
    requireTurn(pages.take(id, pageRate), 'This page asks too often.');
    return request.identity;
  };
}

const permissions: ReadonlySet<string> = new Set(['checkout:visit', 'payments:write']);
const bearer = /^Bearer (payos_cs_[\x21-\x7e]{1,120})$/i;

function secretOf({ raw }: FastifyRequest): string {
  const values = raw.headersDistinct['authorization'] ?? [];
  const [, secret] = bearer.exec(values.length === 1 ? (values[0] ?? '') : '') ?? [];
  if (secret === undefined) throw new ApiError('invalid_checkout_secret');
  return secret;
}
