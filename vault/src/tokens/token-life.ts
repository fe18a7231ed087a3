import { fieldError } from '../core/check.ts';
import { Refusal } from '../core/problem.ts';
import type { CreateToken } from './schemas.ts';

/** How long a token can be paid with, in seconds, and whether more than once. */
export type TokenLife = { seconds: number; singleUse: boolean };

export const usualSeconds = 3_600;

/**
 * The life that a new token is given. What lies in the open makes the weakest tokens only: they pay
 * once and within an hour, because whoever reads the page could ask for more, and who types a card
 * there typed it for one payment. Throws {@link Refusal}: `invalid_request`, `permission_denied`.
 */
export function lifeOf(
  { expires_in: seconds = usualSeconds, single_use: singleUse = true }: CreateToken,
  kind: 'secret' | 'publishable' | 'checkout_session',
): TokenLife {
  if (kind !== 'secret') {
    if (!singleUse) {
      const detail = 'Tokens that pay several times are made with a secret key.';
      const fix = 'Leave `single_use` out, or ask with a secret key from your server.';
      throw new Refusal('permission_denied', { detail, fix, param: 'single_use' });
    }
    if (seconds > usualSeconds) {
      const why = 'A token of a publishable key lives an hour at most.';
      const fix = `Send 60 to ${usualSeconds}, or use a secret key.`;
      const errors = [fieldError('/expires_in', 'out_of_range', why, fix)];
      throw new Refusal('invalid_request', { errors });
    }
  }
  return { seconds, singleUse };
}
