import { isId, type schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { ApiError, fieldError } from '../core/errors.ts';
import { chargeableCard, findCustomer } from '../customers/index.ts';
import type { VaultClient } from '../vault-client/index.ts';

/** What a payment charges. */
export type Source = {
  token: string;
  card: schemas.CardDisplay;
  /** Null for a card that is saved already. */
  fingerprint: string | null;
  paymentMethod: string | null;
  customer: string | null;
  initiatedBy: 'customer' | 'merchant';
};

/**
 * Finds the token or the saved card, within this organization and mode.
 *
 * @param session the checkout session that is paid, if one is
 */
export async function findSource(
  ctx: ScopedContext,
  vault: VaultClient,
  input: schemas.CreatePayment,
  session: string | undefined,
): Promise<Source> {
  if (input.payment_method !== undefined) {
    const { cvc_token: code } = input;
    const [saved] = await Promise.all([
      chargeableCard(ctx, vault, input.payment_method),
      code === undefined ? undefined : vault.checkCvcToken(ctx.scope, code, session, ctx.requestId),
    ]);
    return {
      token: saved.token_id,
      card: saved.card,
      fingerprint: null,
      paymentMethod: saved.id,
      customer: saved.customer_id,
      // A saved card is charged by the merchant unless somebody is there, who has typed the code.
      initiatedBy: input.initiated_by ?? (code === undefined ? 'merchant' : 'customer'),
    };
  }
  const [described, customer] = await Promise.all([
    vault.describe(ctx.scope, input.token ?? '', ctx.requestId),
    namedCustomer(ctx, input.save_for),
  ]);
  requireOfSession(described, session);
  // A token that became a saved card is charged through its payment method.
  if (described.used || described.saved) {
    throw new ApiError('token_already_used', { param: 'token' });
  }
  if (described.expired) throw new ApiError('token_expired', { param: 'token' });
  if (input.save_for !== undefined && !described.single_use) {
    const why = 'This token pays several times and ends by itself: its card is not saved.';
    const fix = 'Collect the card with a token for one payment, and save it with that.';
    throw fieldError('/save_for', 'conflict', why, fix);
  }
  return {
    token: described.token,
    card: described.card,
    fingerprint: described.fingerprint,
    paymentMethod: null,
    customer,
    initiatedBy: input.initiated_by ?? 'customer',
  };
}

/**
 * What was typed on the page of a checkout session pays that session, and nothing else does: or who
 * learns of a visitor's token would pay with it. The vault holds to it too, when it sends the card.
 *
 * @throws ApiError `not_found`, as of a token that is not there
 */
function requireOfSession(
  { made_with: maker, checkout_session: of, saved }: schemas.TokenDescription,
  session: string | undefined,
): void {
  // A token from before this was written down lives for a day at most.
  if (maker === null || of === (session ?? null)) return;
  if (saved && session === undefined) return;
  throw new ApiError('not_found');
}

/** `save_for` as an id must exist; as the merchant's own reference it is created on the way. */
async function namedCustomer(
  ctx: ScopedContext,
  saveFor: string | undefined,
): Promise<string | null> {
  if (saveFor === undefined || !isId('customer', saveFor)) return null;
  return (await findCustomer(ctx, saveFor)).id;
}
