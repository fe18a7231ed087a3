import { schemas } from 'payos-contract';
import Type from 'typebox';
import { publicRoute, type Route } from '../core/http/route.ts';
import { createDestination, type DestinationDependencies } from './create-destination.ts';
import { createForward, type ForwardDependencies, resumedForward } from './create-forward.ts';
import { decideDestination } from './decide-destination.ts';
import { getDestination, listDestinations } from './destination.ts';
import { findForward, getForward, listForwards } from './forward.ts';
import { removeDestination } from './remove-destination.ts';

const destination = Type.Object({ id: schemas.Id('forwardDestination') }, schemas.closed);
const forward = Type.Object({ id: schemas.Id('forward') }, schemas.closed);
const nothing = Type.Object({}, schemas.closed);

/** Requests with cards that the vault sends on a merchant's word, and where they may go. */
export function forwardingRoutes(deps: ForwardDependencies & DestinationDependencies): Route[] {
  return [...forwardRoutes(deps), ...readRoutes(), ...decisionRoutes(deps)];
}

function forwardRoutes(deps: ForwardDependencies): Route[] {
  return [
    publicRoute({
      method: 'POST',
      path: '/v1/forward',
      permission: 'cards:forward',
      summary: 'Send a request with a card to an approved destination',
      tag: 'Forwarding',
      body: schemas.CreateForward,
      response: { status: 201, schema: schemas.ForwardRecord },
      errors: [
        'ip_list_required',
        'destination_not_allowed',
        'forward_not_sent',
        'token_already_used',
        'token_expired',
        'cvc_token_expired',
        'vault_unavailable',
        'live_mode_unavailable',
      ],
      idempotency: 'required',
      handle: (ctx, { body }) => createForward(ctx, deps, body),
      resume: async (ctx, object, onlySettled) =>
        resumedForward(await findForward(ctx, object), ctx, onlySettled),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/forwards',
      permission: 'forwarding:read',
      summary: 'List forwarded requests of the last 30 days',
      tag: 'Forwarding',
      query: schemas.ListForwards,
      response: { status: 200, schema: schemas.ForwardPage },
      handle: (ctx, { query }) => listForwards(ctx, query),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/forwards/:id',
      permission: 'forwarding:read',
      summary: 'Retrieve a forwarded request and its answer, without the card',
      tag: 'Forwarding',
      params: forward,
      response: { status: 200, schema: schemas.ForwardRecord },
      handle: (ctx, { params }) => getForward(ctx, params.id),
    }),
  ];
}

function readRoutes(): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/forward_destinations',
      permission: 'forwarding:read',
      summary: 'List where cards may be sent',
      tag: 'Forwarding',
      query: schemas.ListForwardDestinations,
      response: { status: 200, schema: schemas.ForwardDestinationPage },
      handle: (ctx, { query }) => listDestinations(ctx, query),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/forward_destinations/:id',
      permission: 'forwarding:read',
      summary: 'Retrieve a destination',
      tag: 'Forwarding',
      params: destination,
      response: { status: 200, schema: schemas.ForwardDestination },
      handle: (ctx, { params }) => getDestination(ctx, params.id),
    }),
  ];
}

function decisionRoutes(deps: DestinationDependencies): Route[] {
  const decision = {
    method: 'POST',
    permission: 'forwarding:approve',
    tag: 'Forwarding',
    params: destination,
    body: nothing,
    response: { status: 200, schema: schemas.ForwardDestination },
    errors: ['own_request', 'decided_already'],
    idempotency: 'optional',
  } as const;
  return [
    publicRoute({
      method: 'POST',
      path: '/v1/forward_destinations',
      permission: 'forwarding:write',
      summary: 'Name a destination that cards may be sent to',
      tag: 'Forwarding',
      stepUp: 'change_forward_destinations',
      body: schemas.CreateForwardDestination,
      response: { status: 201, schema: schemas.ForwardDestination },
      errors: ['destination_url_refused', 'destination_limit_reached'],
      idempotency: 'optional',
      handle: (ctx, { body }) => createDestination(ctx, deps, body),
    }),
    publicRoute({
      ...decision,
      path: '/v1/forward_destinations/:id/approve',
      summary: 'Approve a destination that somebody else has named',
      stepUp: 'decide_forward_destination',
      handle: (ctx, { params }) => decideDestination(ctx, deps, params.id, 'approved'),
    }),
    publicRoute({
      ...decision,
      path: '/v1/forward_destinations/:id/refuse',
      summary: 'Refuse a destination that somebody else has named',
      handle: (ctx, { params }) => decideDestination(ctx, deps, params.id, 'refused'),
    }),
    publicRoute({
      method: 'DELETE',
      path: '/v1/forward_destinations/:id',
      permission: 'forwarding:write',
      summary: 'Remove a destination: no cards are sent there any more',
      tag: 'Forwarding',
      stepUp: 'change_forward_destinations',
      params: destination,
      response: { status: 200, schema: schemas.ForwardDestination },
      handle: (ctx, { params }) => removeDestination(ctx, deps.vault, params.id),
    }),
  ];
}
