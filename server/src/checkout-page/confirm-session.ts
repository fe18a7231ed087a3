import type { schemas } from 'payos-contract';
import { type SessionRow, sessionColumns } from '../checkout/index.ts';
import type { ScopedContext } from '../core/context.ts';
import { run, statement } from '../core/db.ts';
import { ApiError, fieldError } from '../core/errors.ts';
import { getPaymentMethod } from '../customers/index.ts';
import { createPayment, type PaymentDependencies } from '../payments/index.ts';
import { viewSession } from './view-session.ts';
import { visitorOf } from './visitor.ts';

const selectPayable = statement(
  'checkout.payable',
  `SELECT ${sessionColumns} FROM checkout_sessions
   WHERE organization_id = $1 AND mode = $2 AND id = $3`,
);

/**
 * Pays the visitor's session with a card. What is paid, and for whom, the session says; the visitor
 * only says with which card. Whatever comes of it, the answer is what the page shows next.
 *
 * @throws ApiError `checkout_session_state`: paid, being paid, over, or another try came first;
 *   `not_found` for a card of somebody else, and what createPayment throws
 */
export async function confirmSession(
  ctx: ScopedContext,
  deps: PaymentDependencies,
  input: schemas.ConfirmCheckout,
): Promise<schemas.CheckoutView> {
  const { organization, mode } = ctx.scope;
  const { id, isOpen } = visitorOf(ctx);
  const [session] = await run<SessionRow>(ctx.db.write, selectPayable, [organization, mode, id]);
  if (session === undefined || !isOpen) throw new ApiError('checkout_session_state');
  const customer = session.customer_id;
  if (input.payment_method !== undefined) await requireOwn(ctx, input.payment_method, customer);
  requireCode(session, input);
  if (input.save && !session.save_payment_method) {
    const message = 'This session saves no card.';
    throw fieldError('/save', 'conflict', message, 'Leave it out.');
  }
  const source = {
    ...(input.token !== undefined && { token: input.token }),
    ...(input.payment_method !== undefined && { payment_method: input.payment_method }),
    ...(input.cvc_token !== undefined && { cvc_token: input.cvc_token }),
    ...(input.save && input.token !== undefined && customer !== null && { save_for: customer }),
  };
  await createPayment(
    ctx,
    deps,
    {
      ...source,
      amount: session.amount,
      currency: session.currency,
      reference: session.reference,
      ...(session.description !== null && { description: session.description }),
      metadata: session.metadata,
      initiated_by: 'customer',
    },
    { session: id, number: input.try, customer },
  );
  return viewSession(ctx);
}

/** Whoever has the link, and perhaps the visitor's device, does not have the card for that. */
function requireCode({ saved_card_code }: SessionRow, input: schemas.ConfirmCheckout): void {
  if (saved_card_code === 'off' || input.payment_method === undefined || input.cvc_token) return;
  const message = 'This session asks for the security code of a saved card.';
  throw fieldError('/cvc_token', 'required', message, 'Collect the code in the secure fields.');
}

/** @throws ApiError `not_found`, the same for no card and for somebody else's */
async function requireOwn(ctx: ScopedContext, card: string, customer: string | null) {
  const found = customer === null ? undefined : await getPaymentMethod(ctx, card);
  if (found !== undefined && found.customer === customer) return;
  throw new ApiError('not_found', { detail: 'No such payment method.' });
}
