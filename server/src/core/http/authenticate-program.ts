import { networkOf } from '../network.ts';
import { RateLimiter, requireTurn } from '../rate-limit.ts';
import type { Authenticate, Identity } from './identity.ts';

const stranger: Identity = {
  actor: { type: 'anonymous', id: 'anonymous' },
  scope: undefined,
  apiVersion: undefined,
  rate: undefined,
};

/**
 * Lets programs of others in whose signature the verb itself checks.
 *
 * @param perSecond requests of one network: a signature costs time to check
 */
export function authenticateProgram(perSecond: number): Authenticate {
  const limiter = new RateLimiter();
  return (request) => {
    const verdict = limiter.take(networkOf(request.ip), perSecond);
    requireTurn(verdict, 'Too many requests from this address.');
    return stranger;
  };
}
