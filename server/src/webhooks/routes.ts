import { schemas } from 'payos-contract';
import Type from 'typebox';
import { publicRoute, type Route } from '../core/http/route.ts';
import type { Sealer } from '../core/seal.ts';
import { AddressGuard } from '../egress/index.ts';
import { createEndpoint } from './create-endpoint.ts';
import { deleteEndpointById } from './delete-endpoint.ts';
import { getDelivery } from './get-delivery.ts';
import { getEndpoint } from './get-endpoint.ts';
import { getEvent } from './get-event.ts';
import { listDeliveries } from './list-deliveries.ts';
import { listEndpoints } from './list-endpoints.ts';
import { listEvents } from './list-events.ts';
import { resendDelivery } from './resend-delivery.ts';
import { updateEndpointById } from './update-endpoint.ts';

const endpoint = Type.Object({ id: schemas.Id('webhookEndpoint') }, schemas.closed);
const delivery = Type.Object({ id: schemas.Id('delivery') }, schemas.closed);
const event = Type.Object({ id: schemas.Id('event') }, schemas.closed);

export type WebhookRouteDependencies = {
  sealer: Sealer;
  /** PAYOS_EGRESS_ALLOW */
  egressAllow: readonly string[];
};

/** Webhook endpoints, what was sent there, and events. */
export function webhookRoutes({ sealer, egressAllow }: WebhookRouteDependencies): Route[] {
  const guard = new AddressGuard(egressAllow);
  return [...endpointRoutes(sealer, guard), ...deliveryRoutes(), ...eventRoutes()];
}

function endpointRoutes(sealer: Sealer, guard: AddressGuard): Route[] {
  return [
    publicRoute({
      method: 'POST',
      path: '/v1/webhook_endpoints',
      permission: 'webhooks:write',
      summary: 'Create a webhook endpoint',
      tag: 'Webhooks',
      stepUp: 'change_webhook_endpoints',
      body: schemas.CreateWebhookEndpoint,
      response: { status: 201, schema: schemas.WebhookEndpointWithSecret },
      errors: ['webhook_url_refused', 'endpoint_limit_reached'],
      idempotency: 'optional',
      secret: true,
      handle: (ctx, { body }) => createEndpoint(ctx, { sealer, guard }, body),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/webhook_endpoints',
      permission: 'webhooks:read',
      summary: 'List webhook endpoints',
      tag: 'Webhooks',
      query: schemas.ListWebhookEndpoints,
      response: { status: 200, schema: schemas.WebhookEndpointPage },
      handle: (ctx, { query }) => listEndpoints(ctx, query),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/webhook_endpoints/:id',
      permission: 'webhooks:read',
      summary: 'Retrieve a webhook endpoint',
      tag: 'Webhooks',
      params: endpoint,
      response: { status: 200, schema: schemas.WebhookEndpoint },
      handle: (ctx, { params }) => getEndpoint(ctx, params.id),
    }),
    publicRoute({
      method: 'PATCH',
      path: '/v1/webhook_endpoints/:id',
      permission: 'webhooks:write',
      summary: 'Change a webhook endpoint',
      tag: 'Webhooks',
      stepUp: 'change_webhook_endpoints',
      params: endpoint,
      body: schemas.UpdateWebhookEndpoint,
      response: { status: 200, schema: schemas.WebhookEndpoint },
      errors: ['webhook_url_refused', 'more_than_own'],
      handle: (ctx, { params, body }) => updateEndpointById(ctx, guard, params.id, body),
    }),
    publicRoute({
      method: 'DELETE',
      path: '/v1/webhook_endpoints/:id',
      permission: 'webhooks:write',
      summary: 'Delete a webhook endpoint',
      tag: 'Webhooks',
      stepUp: 'change_webhook_endpoints',
      params: endpoint,
      response: { status: 200, schema: schemas.Deleted },
      handle: (ctx, { params }) => deleteEndpointById(ctx, params.id),
    }),
  ];
}

function deliveryRoutes(): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/webhook_endpoints/:id/deliveries',
      permission: 'webhooks:read',
      summary: 'List what was sent to a webhook endpoint',
      tag: 'Webhooks',
      params: endpoint,
      query: schemas.ListDeliveries,
      response: { status: 200, schema: schemas.DeliveryPage },
      handle: (ctx, { params, query }) => listDeliveries(ctx, params.id, query),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/deliveries/:id',
      permission: 'webhooks:read',
      summary: 'Retrieve a delivery with its attempts',
      tag: 'Webhooks',
      params: delivery,
      response: { status: 200, schema: schemas.Delivery },
      handle: (ctx, { params }) => getDelivery(ctx, params.id),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/deliveries/:id/resend',
      permission: 'webhooks:write',
      summary: 'Send an event to its endpoint once more',
      tag: 'Webhooks',
      params: delivery,
      body: Type.Object({}, schemas.closed),
      response: { status: 200, schema: schemas.Delivery },
      idempotency: 'optional',
      handle: (ctx, { params }) => resendDelivery(ctx, params.id),
    }),
  ];
}

function eventRoutes(): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/events',
      permission: 'events:read',
      summary: 'List events',
      tag: 'Events',
      query: schemas.ListEvents,
      response: { status: 200, schema: schemas.EventPage },
      handle: (ctx, { query }) => listEvents(ctx, query),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/events/:id',
      permission: 'events:read',
      summary: 'Retrieve an event',
      tag: 'Events',
      params: event,
      response: { status: 200, schema: schemas.Event },
      handle: (ctx, { params }) => getEvent(ctx, params.id),
    }),
  ];
}
