import Type from 'typebox';
import { closed, Id, listQuery, Mode, Name, Nullable, Page, Text, Time } from './common.ts';

const Places = Type.Array(Text(200), { minItems: 1, maxItems: 8 });

/**
 * Where each part of the card may stand in the body of a request: JSON pointers (RFC 6901), or
 * names of form fields. Nowhere else is anything filled in.
 */
export const ForwardFields = Type.Object(
  {
    number: Type.Optional(Places),
    expiry: Type.Optional(Places),
    code: Type.Optional(Places),
    name: Type.Optional(Places),
  },
  { ...closed, minProperties: 1 },
);
export type ForwardFields = Type.Static<typeof ForwardFields>;

export const ForwardContentType = Type.Enum([
  'application/json',
  'application/x-www-form-urlencoded',
]);
export type ForwardContentType = Type.Static<typeof ForwardContentType>;

/** One place to which cards may be sent. It is never changed: a change is a new one. */
export const CreateForwardDestination = Type.Object(
  {
    name: Name(100),
    url: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'https, host, port if not 443, and the path that every request begins with',
    }),
    content_type: ForwardContentType,
    fields: ForwardFields,
  },
  closed,
);
export type CreateForwardDestination = Type.Static<typeof CreateForwardDestination>;

export const ForwardDestination = Type.Object({
  id: Id('forwardDestination'),
  object: Type.Literal('forward_destination'),
  mode: Mode,
  name: Type.String(),
  url: Type.String(),
  content_type: ForwardContentType,
  fields: ForwardFields,
  status: Type.Enum(['pending', 'active', 'refused', 'removed'], {
    description: 'In live mode a second person has to approve it; in test mode it is active',
  }),
  requested_by: Id('member'),
  decided_by: Nullable(Id('member')),
  created_at: Time,
  decided_at: Nullable(Time),
  removed_at: Nullable(Time),
});
export type ForwardDestination = Type.Static<typeof ForwardDestination>;
export const ListForwardDestinations = Type.Object(listQuery('forwardDestination'), closed);
export const ForwardDestinationPage = Page(ForwardDestination);

export const ForwardMethod = Type.Enum(['POST', 'PUT', 'PATCH']);
export const ForwardHeaders = Type.Record(
  Type.String({ pattern: '^[A-Za-z0-9-]{1,100}$' }),
  Type.String({ maxLength: 2000, pattern: '^[\\x20-\\x7e]*$' }),
  { maxProperties: 40, additionalProperties: false },
);

export const CreateForward = Type.Object(
  {
    token: Type.Optional(Id('token', 'Sends a card that was just collected, and uses it up')),
    payment_method: Type.Optional(Id('paymentMethod', 'Sends a saved card, which stays saved')),
    cvc_token: Type.Optional(
      Id('cvcToken', 'The security code of the saved card, which its holder has just typed'),
    ),
    request: Type.Object(
      {
        url: Type.String({ minLength: 1, maxLength: 1000 }),
        method: ForwardMethod,
        headers: Type.Optional(ForwardHeaders),
        body: Type.Record(Type.String(), Type.Unknown(), {
          description:
            'With placeholders such as `{{card.number}}`. The content type is that of the ' +
            'destination; for a form, every value is a text',
        }),
      },
      closed,
    ),
  },
  { ...closed, description: 'Exactly one of `token` and `payment_method`' },
);
export type CreateForward = Type.Static<typeof CreateForward>;

/** What was withheld of an answer: nothing, texts that held card data, or its whole body. */
export const Redaction = Type.Enum(['none', 'replaced', 'withheld']);

const summary = {
  id: Id('forward'),
  object: Type.Literal('forward'),
  mode: Mode,
  status: Type.Enum(['sending', 'answered', 'not_sent', 'unknown'], {
    description: '`unknown`: it may have arrived. Nothing is ever sent a second time',
  }),
  destination: Id('forwardDestination'),
  token: Nullable(Id('token')),
  payment_method: Nullable(Id('paymentMethod')),
  failure: Nullable(Type.String()),
  created_at: Time,
  finished_at: Nullable(Time),
};

/** A forwarded request as it was written, placeholders and all, and the answer without the card. */
export const ForwardRecord = Type.Object({
  ...summary,
  request: Type.Object({
    method: ForwardMethod,
    url: Type.String(),
    headers: Type.Record(Type.String(), Type.String()),
    body: Type.Record(Type.String(), Type.Unknown()),
  }),
  response: Nullable(
    Type.Object({
      status: Type.Integer(),
      headers: Type.Record(Type.String(), Type.String()),
      body: Type.Unknown({ description: 'JSON where it was JSON, otherwise text' }),
      redacted: Redaction,
      withheld_because: Nullable(Type.String()),
    }),
  ),
});
export type ForwardRecord = Type.Static<typeof ForwardRecord>;

export const ForwardSummary = Type.Object({
  ...summary,
  method: ForwardMethod,
  url: Type.String(),
  response_status: Nullable(Type.Integer()),
});
export type ForwardSummary = Type.Static<typeof ForwardSummary>;
export const ListForwards = Type.Object(
  {
    ...listQuery('forward'),
    destination: Type.Optional(Id('forwardDestination')),
    status: Type.Optional(summary.status),
  },
  closed,
);
export type ListForwards = Type.Static<typeof ListForwards>;
export const ForwardPage = Page(ForwardSummary);
