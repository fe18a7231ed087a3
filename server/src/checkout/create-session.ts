import { isCurrency, schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError, fieldError } from '../core/errors.ts';
import { requireAmount, requireCustomer } from '../core/key-limits.ts';
import { mutate } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { findCustomer } from '../customers/index.ts';
import { collectingSecret, hashSecret, newSecret } from './secret.ts';
import { type SessionRow, sessionColumns, toSession } from './session.ts';
import { requireVisitorUrl } from './visitor-url.ts';

const insertSession = statement(
  'checkout.insert',
  `INSERT INTO checkout_sessions (organization_id, id, mode, amount, currency, reference,
     description, return_url, cancel_url, customer_id, save_payment_method, metadata, key_id,
     expires_at, saved_card_code)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
     now() + $14 * interval '1 second', $15)
   RETURNING ${sessionColumns}`,
);
const insertSecret = statement(
  'checkout.insert_secret',
  `INSERT INTO checkout_secrets (session_id, organization_id, hash, collect_hash)
   VALUES ($1, $2, $3, $4)`,
);

/**
 * Asks a visitor to pay: the answer holds the URL of a page on which that can be done once.
 *
 * @param publicUrl where browsers find the API
 * @throws ApiError `checkout_url_refused`, `not_found`, and what the caps of the key refuse
 */
export async function createSession(
  ctx: ScopedContext,
  publicUrl: string,
  input: schemas.CreateCheckoutSession,
): Promise<schemas.CheckoutSessionWithUrl> {
  const { organization, mode } = ctx.scope;
  const currency = await checkInput(ctx, input);
  const returnUrl = requireVisitorUrl(input.return_url, mode, 'return_url');
  const cancelUrl = requireVisitorUrl(input.cancel_url, mode, 'cancel_url');
  const id = newId('checkoutSession');
  const secret = newSecret(mode, id);
  const collecting = collectingSecret(secret, mode, id);
  const hashes = [id, organization, hashSecret(secret), hashSecret(collecting)];
  return mutate(
    ctx,
    {
      permission: 'checkout:write',
      audit: () => ({
        action: 'checkout_session.create',
        object: id,
        details: { amount: input.amount, currency },
      }),
    },
    async (tx) => {
      const [row] = await tx.query<SessionRow>(insertSession, [
        ...[organization, id, mode, input.amount, currency, input.reference],
        ...[input.description ?? null, returnUrl, cancelUrl, input.customer ?? null],
        ...[input.save_payment_method ?? false, JSON.stringify(input.metadata ?? {})],
        ctx.actor.type === 'api_key' ? ctx.actor.id : null,
        input.expires_in ?? schemas.checkoutExpiry.default,
        input.saved_card_code ?? 'required',
      ]);
      if (row === undefined) throw new Error('the session was not inserted');
      await tx.query(insertSecret, hashes);
      // Behind the #: browsers keep that to themselves, so that it is in no log and no Referer.
      return { ...toSession(row), url: `${publicUrl}/checkout/${id}#${secret}` };
    },
  );
}

/** @returns the currency in upper case */
async function checkInput(
  ctx: ScopedContext,
  input: schemas.CreateCheckoutSession,
): Promise<string> {
  if (ctx.scope.mode === 'live') throw new ApiError('live_mode_unavailable');
  const currency = input.currency.toUpperCase();
  if (!isCurrency(currency)) {
    const message = `${currency} is not an active ISO 4217 currency.`;
    throw fieldError('/currency', 'wrong_value', message, 'Send a code such as EUR or USD.');
  }
  // What the key has left today is counted when it is paid.
  requireAmount(ctx.actor, input.amount, currency);
  requireCustomer(ctx.actor, input.customer);
  if (input.customer !== undefined) await findCustomer(ctx, input.customer);
  if (input.save_payment_method && input.customer === undefined) {
    const message = 'A card is saved for a customer.';
    throw fieldError('/customer', 'missing', message, 'Send `customer`, too.');
  }
  return currency;
}
