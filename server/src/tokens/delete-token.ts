import type { ScopedContext } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import type { VaultClient } from '../vault-client/index.ts';
import { getToken } from './get-token.ts';

/**
 * Destroys a token that can be paid with: card, data key and fingerprint go at once instead of when
 * it expires. One that was used has nothing left, or is a saved card and is deleted as that.
 *
 * @throws ApiError `not_found`, `token_already_used`, `vault_unavailable`: it may be repeated
 */
export async function deleteToken(
  ctx: ScopedContext,
  vault: VaultClient,
  id: string,
): Promise<{ id: string; deleted: true }> {
  const { status } = await getToken(ctx, vault, id);
  if (status === 'used' || status === 'saved') {
    const detail = 'It was paid with: its card is gone, or saved as a payment method.';
    throw new ApiError('token_already_used', { detail, fix: 'Delete the payment method.' });
  }
  const audit = () => ({ action: 'token.delete', object: id });
  await mutate(ctx, { permission: 'tokens:delete', audit }, async () => undefined);
  await vault.shred(ctx.scope, id);
  return { id, deleted: true };
}
