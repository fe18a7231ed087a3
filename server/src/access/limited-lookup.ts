import type { Database } from '../core/db.ts';
import { networkOf } from '../core/network.ts';
import { RateLimiter, requireTurn } from '../core/rate-limit.ts';
import { findSession } from './find-session.ts';
import { hashToken } from './token.ts';

/** Tokens remembered at most; the oldest go first. */
const knownMax = 50_000;

type Lookup = (token: string, address: string) => ReturnType<typeof findSession>;

/**
 * Looks sessions up. A made-up cookie costs the database a query, so tokens that this process has
 * not seen good are limited per network; sessions in use go on beside a flood of them.
 *
 * @param perSecond look-ups of tokens not seen good, per network
 * @throws ApiError `rate_limited`
 */
export function limitedLookup(db: Database, perSecond: number): Lookup {
  const limiter = new RateLimiter();
  const known = new Set<string>();
  return async (token, address) => {
    const name = hashToken(token).toString('base64');
    if (!known.has(name)) {
      const verdict = limiter.take(networkOf(address), perSecond);
      requireTurn(verdict, 'Too many unknown sessions from this address.');
    }
    const found = await findSession(db, token);
    if (typeof found === 'object') remember(known, name);
    else known.delete(name);
    return found;
  };
}

function remember(known: Set<string>, name: string): void {
  known.add(name);
  if (known.size <= knownMax) return;
  for (const oldest of known) {
    known.delete(oldest);
    break;
  }
}
