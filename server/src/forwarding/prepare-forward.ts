import {
  isForwardableHeader,
  looksLikePlaceholder,
  type schemas,
  templateFaults,
} from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { ApiError, fieldError } from '../core/errors.ts';
import { chargeableCard } from '../customers/index.ts';
import { type AddressGuard, checkDestination, isBelow } from '../egress/index.ts';
import type { VaultClient } from '../vault-client/index.ts';
import { activeDestinations, type DestinationRow } from './destination.ts';
import { refuseFields } from './refuse-fields.ts';

/**
 * The destination of a request, once everything that can be said beforehand is right. The vault
 * looks again, at its own list: this is for errors that people understand.
 *
 * @throws ApiError `destination_not_allowed`, `invalid_request`
 */
export async function matchDestination(
  ctx: ScopedContext,
  guard: AddressGuard,
  { url: text, headers = {}, body }: schemas.CreateForward['request'],
): Promise<DestinationRow> {
  const checked = checkDestination(text, guard);
  const rows = await activeDestinations(ctx);
  const row = checked.ok && rows.find(({ url }) => isBelow(checked.url, new URL(url)));
  if (!row) {
    const detail = checked.ok ? 'No active destination of this mode covers it.' : checked.why;
    throw new ApiError('destination_not_allowed', { detail, param: 'request.url' });
  }
  for (const [name, value] of Object.entries(headers)) {
    if (isForwardableHeader(name, value) && !looksLikePlaceholder(value)) continue;
    throw fieldError(
      `/request/headers/${name}`,
      'wrong_value',
      'This header cannot be sent: its name is reserved, or it holds a placeholder.',
      'Leave it out. Cards go into the body only.',
    );
  }
  if (looksLikePlaceholder(text)) {
    throw fieldError('/request/url', 'placeholder_misplaced', 'Cards go into the body only.', '');
  }
  refuseFields(templateFaults(row.content_type, row.fields, body));
  return row;
}

/** Whose card is sent: the vault's token, and whether it is a saved card. */
export type CardSource = { token: string; saved: boolean };

/** Finds the token or the saved card, within this organization and mode. @throws ApiError */
export async function findCard(
  ctx: ScopedContext,
  vault: VaultClient,
  input: schemas.CreateForward,
): Promise<CardSource> {
  const { token, payment_method, cvc_token: code } = input;
  if ((token === undefined) === (payment_method === undefined)) {
    throw fieldError(
      '/token',
      'one_of',
      'Exactly one of `token` and `payment_method` says which card is sent.',
      'Send a token for a new card, or a payment_method for a saved one.',
    );
  }
  if (code !== undefined && token !== undefined) {
    const fix = 'Send it with a `payment_method` only.';
    throw fieldError('/cvc_token', 'conflict', 'A token has its own security code.', fix);
  }
  if (payment_method !== undefined) {
    const [saved] = await Promise.all([
      chargeableCard(ctx, vault, payment_method),
      code === undefined
        ? undefined
        : vault.checkCvcToken(ctx.scope, code, undefined, ctx.requestId),
    ]);
    return { token: saved.token_id, saved: true };
  }
  const described = await vault.describe(ctx.scope, token ?? '', ctx.requestId);
  // It is for the payment of the page that it was made on.
  if (described.checkout_session !== null && !described.saved) throw new ApiError('not_found');
  // A token that became a saved card is sent through its payment method.
  if (described.used || described.saved) {
    throw new ApiError('token_already_used', { param: 'token' });
  }
  if (described.expired) throw new ApiError('token_expired', { param: 'token' });
  return { token: described.token, saved: false };
}
