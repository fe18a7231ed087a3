import { schemas } from 'payos-contract';
import Type from 'typebox';
import { type Route, visitorRoute } from '../core/http/route.ts';
import type { PaymentDependencies } from '../payments/index.ts';
import { confirmSession } from './confirm-session.ts';
import { viewSession } from './view-session.ts';

const session = Type.Object({ id: schemas.Id('checkoutSession') }, schemas.closed);

/** What the page of a checkout session asks, with the session's own secret. */
export function checkoutPageRoutes(deps: PaymentDependencies): Route[] {
  return [
    visitorRoute({
      method: 'GET',
      path: '/v1/checkout_sessions/:id/page',
      permission: 'checkout:visit',
      summary: 'What the page of a checkout session shows',
      tag: 'Checkout',
      params: session,
      response: { status: 200, schema: schemas.CheckoutView },
      handle: (ctx) => viewSession(ctx),
    }),
    visitorRoute({
      method: 'POST',
      path: '/v1/checkout_sessions/:id/confirm',
      permission: 'checkout:visit',
      summary: 'Pay a checkout session, from its page',
      tag: 'Checkout',
      params: session,
      body: schemas.ConfirmCheckout,
      response: { status: 200, schema: schemas.CheckoutView },
      errors: [
        'checkout_session_state',
        'token_already_used',
        'token_expired',
        'cvc_token_expired',
        'vault_unavailable',
        'live_mode_unavailable',
      ],
      handle: (ctx, { body }) => confirmSession(ctx, deps, body),
    }),
  ];
}
