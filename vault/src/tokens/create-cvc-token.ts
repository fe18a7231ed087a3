import { checkCode } from '../cards/parse-card.ts';
import { newCvcTokenId } from '../core/random.ts';
import { type CvcMemory, cvcKeepMs } from '../cvc-memory.ts';
import type { Owner } from '../seal/key-provider.ts';
import type { CreateCvcToken, CvcToken } from './schemas.ts';

/**
 * Keeps a security code for one payment with a saved card. It is in memory only, so that neither
 * the token nor a repeated Idempotency-Key outlives a restart: whoever asks twice gets two tokens.
 * Throws a `Refusal`: `invalid_card`.
 *
 * @param session checkout session on whose page it was typed, and which alone it serves
 */
export function createCvcToken(
  { cvcs, clock }: { cvcs: CvcMemory; clock: () => number },
  owner: Owner,
  { cvc }: CreateCvcToken,
  session: string | null,
): CvcToken {
  checkCode(cvc);
  const id = newCvcTokenId();
  cvcs.put(owner, id, cvc, session);
  const now = clock();
  return {
    id,
    object: 'cvc_token',
    mode: owner.mode,
    created_at: new Date(now).toISOString(),
    expires_at: new Date(now + cvcKeepMs).toISOString(),
  };
}
