import type { Database } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { networkOf } from '../core/network.ts';
import { RateLimiter } from '../core/rate-limit.ts';
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
    if (!known.has(name)) requireTurn(limiter, address, perSecond);
    const found = await findSession(db, token);
    if (typeof found === 'object') remember(known, name);
    else known.delete(name);
    return found;
  };
}

function requireTurn(limiter: RateLimiter, address: string, perSecond: number): void {
  const verdict = limiter.take(networkOf(address), perSecond);
  if (verdict.allowed) return;
  const seconds = String(verdict.resetSeconds);
  const detail = `Too many unknown sessions from this address. Try again in ${seconds} s.`;
  throw new ApiError('rate_limited', { detail }, { 'retry-after': seconds });
}

function remember(known: Set<string>, name: string): void {
  known.add(name);
  if (known.size <= knownMax) return;
  for (const oldest of known) {
    known.delete(oldest);
    break;
  }
}
