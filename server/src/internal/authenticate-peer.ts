import { ApiError } from '../core/errors.ts';
import { peerName } from '../core/http/app.ts';
import type { Authenticate } from '../core/http/identity.ts';

/** Who asks on the mTLS surface: a PayOS process, known by the name in its certificate. */
export function authenticatePeer(allowed: readonly string[]): Authenticate {
  return (request) => {
    const name = peerName(request);
    if (name === undefined || !allowed.includes(name)) throw new ApiError('permission_denied');
    return {
      actor: { type: 'system', id: name },
      scope: undefined,
      apiVersion: undefined,
      rate: undefined,
    };
  };
}
