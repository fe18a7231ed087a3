import { schemas } from 'payos-contract';
import Type from 'typebox';
import { publicRoute, type Route } from '../core/http/route.ts';
import { createSession } from './create-session.ts';
import { expireSession } from './expire-session.ts';
import { getSession, listSessions } from './get-session.ts';

const session = Type.Object({ id: schemas.Id('checkoutSession') }, schemas.closed);
const common = { tag: 'Checkout', customerBound: true } as const;

/** Checkout sessions, for the merchant's server. */
export function checkoutRoutes({ publicUrl }: { publicUrl: string }): Route[] {
  return [
    publicRoute({
      ...common,
      method: 'POST',
      path: '/v1/checkout_sessions',
      permission: 'checkout:write',
      summary: 'Create a checkout session: a page on which a visitor can pay once',
      body: schemas.CreateCheckoutSession,
      response: { status: 201, schema: schemas.CheckoutSessionWithUrl },
      errors: [
        'checkout_url_refused',
        'live_mode_unavailable',
        'key_currency_refused',
        'key_amount_exceeded',
      ],
      idempotency: 'optional',
      secret: true,
      handle: (ctx, { body }) => createSession(ctx, publicUrl, body),
    }),
    publicRoute({
      ...common,
      method: 'GET',
      path: '/v1/checkout_sessions',
      permission: 'checkout:read',
      summary: 'List checkout sessions',
      query: schemas.ListCheckoutSessions,
      response: { status: 200, schema: schemas.CheckoutSessionPage },
      handle: (ctx, { query }) => listSessions(ctx, query),
    }),
    publicRoute({
      ...common,
      method: 'GET',
      path: '/v1/checkout_sessions/:id',
      permission: 'checkout:read',
      summary: 'Retrieve a checkout session',
      params: session,
      response: { status: 200, schema: schemas.CheckoutSession },
      handle: (ctx, { params }) => getSession(ctx, params.id),
    }),
    publicRoute({
      ...common,
      method: 'POST',
      path: '/v1/checkout_sessions/:id/expire',
      permission: 'checkout:write',
      summary: 'End a checkout session that nobody has paid',
      params: session,
      response: { status: 200, schema: schemas.CheckoutSession },
      errors: ['checkout_session_state'],
      idempotency: 'optional',
      handle: (ctx, { params }) => expireSession(ctx, params.id),
    }),
  ];
}
