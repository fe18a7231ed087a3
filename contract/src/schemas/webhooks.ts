import Type from 'typebox';
import { allEventTypes, anyEvent } from '../event-types.ts';
import { closed, createdQuery, Id, listQuery, Mode, Nullable, Page, Text, Time } from './common.ts';

const EventName = Type.Enum([...allEventTypes, anyEvent]);
/** Not `uniqueItems`: checking that costs the square of what a caller sends. */
const Events = Type.Array(EventName, { minItems: 1, maxItems: 50 });
const Url = Type.String({ minLength: 1, maxLength: 2000, description: 'https only' });

export const CreateWebhookEndpoint = Type.Object(
  { url: Url, events: Type.Optional(Events), description: Type.Optional(Text(200)) },
  { ...closed, description: 'Without `events`, all of them' },
);
export type CreateWebhookEndpoint = Type.Static<typeof CreateWebhookEndpoint>;

export const UpdateWebhookEndpoint = Type.Object(
  {
    url: Type.Optional(Url),
    events: Type.Optional(Events),
    description: Type.Optional(Nullable(Text(200))),
    status: Type.Optional(Type.Enum(['enabled', 'disabled'])),
  },
  { ...closed, minProperties: 1 },
);
export type UpdateWebhookEndpoint = Type.Static<typeof UpdateWebhookEndpoint>;

export const WebhookEndpoint = Type.Object({
  id: Id('webhookEndpoint'),
  object: Type.Literal('webhook_endpoint'),
  mode: Mode,
  url: Type.String(),
  events: Type.Array(Type.String()),
  description: Nullable(Type.String()),
  status: Type.Enum(['enabled', 'disabled']),
  disabled_reason: Nullable(Type.String()),
  api_version: Type.String(),
  created_at: Time,
  updated_at: Time,
});
export type WebhookEndpoint = Type.Static<typeof WebhookEndpoint>;
export const WebhookEndpointWithSecret = Type.Object({
  ...WebhookEndpoint.properties,
  secret: Type.String({ description: 'Shown once. Verifies the signatures of deliveries.' }),
});
export const ListWebhookEndpoints = Type.Object(listQuery('webhookEndpoint'), closed);
export const WebhookEndpointPage = Page(WebhookEndpoint);

/** An event as the API and the deliveries show it; `data` is the object as it was then. */
export const Event = Type.Object({
  id: Id('event'),
  object: Type.Literal('event'),
  type: Type.String(),
  mode: Mode,
  api_version: Type.String(),
  created_at: Time,
  sequence: Type.Integer({ description: 'Counts the events of one object without gaps, from 1' }),
  request_id: Nullable(Type.String()),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type Event = Type.Static<typeof Event>;
export const ListEvents = Type.Object(
  {
    ...listQuery('event'),
    type: Type.Optional(Type.Enum([...allEventTypes])),
    object: Type.Optional(Text(64, 'Id of the object the events are about')),
    ...createdQuery,
  },
  closed,
);
export type ListEvents = Type.Static<typeof ListEvents>;
export const EventPage = Page(Event);

export const DeliveryAttempt = Type.Object({
  number: Type.Integer(),
  started_at: Time,
  duration_ms: Type.Integer(),
  status: Nullable(Type.Integer()),
  error: Nullable(Type.String()),
  response: Nullable(Type.String()),
});
export const Delivery = Type.Object({
  id: Id('delivery'),
  object: Type.Literal('delivery'),
  mode: Mode,
  endpoint: Id('webhookEndpoint'),
  event: Id('event'),
  event_type: Type.String(),
  status: Type.Enum(['pending', 'succeeded', 'failed']),
  attempts: Type.Array(DeliveryAttempt),
  next_attempt_at: Nullable(Time),
  created_at: Time,
});
export type Delivery = Type.Static<typeof Delivery>;
export const ListDeliveries = Type.Object(
  {
    ...listQuery('delivery'),
    status: Type.Optional(Delivery.properties.status),
    event: Type.Optional(Id('event')),
  },
  closed,
);
export const DeliveryPage = Page(Delivery);
