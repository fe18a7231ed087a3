import { ApiError } from '../../core/errors.ts';

/**
 * A refusal of a signed request.
 *
 * @param detail what is wrong with the request itself; never anything about a key, because whoever
 *   cannot sign with it may read this
 */
export function invalidSignature(detail?: string): ApiError {
  return new ApiError('invalid_signature', { detail });
}
