import { verify } from 'node:crypto';
import { ApiError } from '../../core/errors.ts';
import type { Authenticate } from '../../core/http/identity.ts';
import { networkOf } from '../../core/network.ts';
import { RateLimiter, requireTurn } from '../../core/rate-limit.ts';
import type { ScannerKeys } from './scanner-keys.ts';

/** Reports of one network, a second. */
const reportsPerSecond = 30;

/**
 * Lets in who signs as the secret scanner that is listened to: ECDSA on P-256 with SHA-256 over the
 * bytes of the body, DER, base64. A stranger's body is neither kept nor read.
 *
 * @param scannerKeys undefined: nobody is listened to
 */
export function authenticateScanner(scannerKeys: ScannerKeys | undefined): Authenticate {
  const limiter = new RateLimiter();
  return async ({ ip, headers }) => {
    requireTurn(limiter.take(networkOf(ip), reportsPerSecond), 'Too many reports.');
    if (scannerKeys === undefined) {
      const detail = 'This installation listens to no secret scanner.';
      throw new ApiError('route_not_found', { detail });
    }
    const identifier = headers['github-public-key-identifier'];
    const signature = headers['github-public-key-signature'];
    if (typeof identifier !== 'string' || typeof signature !== 'string') throw refused();
    const key = signature.length > 200 ? undefined : await scannerKeys.find(identifier);
    if (key === undefined) throw refused();
    return {
      actor: { type: 'anonymous', id: 'anonymous' },
      scope: undefined,
      apiVersion: undefined,
      rate: undefined,
      acceptBody: (bytes) => {
        if (!verify('sha256', bytes, key, Buffer.from(signature, 'base64'))) throw refused();
      },
    };
  };
}

function refused(): ApiError {
  return new ApiError('alert_signature_refused', {
    detail: 'The body is not signed by a key of the secret scanner that is listened to.',
  });
}
