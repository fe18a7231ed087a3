import Type from 'typebox';
import { closed, Id, Mode, Nullable } from './common.ts';
import {
  ForwardContentType,
  ForwardFields,
  ForwardHeaders,
  ForwardMethod,
  Redaction,
} from './forwarding.ts';

const destination = {
  organization: Id('organization'),
  mode: Mode,
  destination: Id('forwardDestination'),
};

/**
 * Server → vault, `POST /internal/forward-destinations/add`: people want cards sent there. The
 * vault keeps a list of its own and looks at nothing else when it sends. May be repeated.
 */
export const AddForwardDestination = Type.Object(
  {
    ...destination,
    url: Type.String({ maxLength: 500 }),
    content_type: ForwardContentType,
    fields: ForwardFields,
    requested_by: Id('account'),
    /** Somebody else; null only in test mode. */
    approved_by: Nullable(Id('account')),
  },
  closed,
);
export type AddForwardDestination = Type.Static<typeof AddForwardDestination>;

/** Server → vault, `POST /internal/forward-destinations/remove`. May be repeated. */
export const RemoveForwardDestination = Type.Object(destination, closed);
export const ForwardDestinationDone = Type.Object({
  destination: Id('forwardDestination'),
  done: Type.Boolean(),
});

/**
 * Server → vault, `POST /internal/forward-request`: send this merchant's request to a destination
 * on the vault's own list, with the card filled in at the places that the destination names.
 */
export const ForwardRequest = Type.Object(
  {
    ...destination,
    token: Id('token'),
    /** Where the security code is, if it was not collected with the card. */
    cvc_token: Type.Optional(Id('cvcToken')),
    /** Each is sent at most once, however often it is asked for. */
    forward: Id('forward'),
    /** The token stands for a saved card. Any other token is refused then, and the reverse. */
    saved: Type.Boolean(),
    timeout_ms: Type.Integer({ minimum: 100, maximum: 120_000 }),
    /** Epoch milliseconds. Past this the vault sends nothing any more. */
    not_after_ms: Type.Integer({ minimum: 0 }),
    request: Type.Object(
      {
        method: ForwardMethod,
        url: Type.String({ maxLength: 1000 }),
        headers: ForwardHeaders,
        body: Type.Record(Type.String(), Type.Unknown()),
      },
      closed,
    ),
  },
  closed,
);
export type ForwardRequest = Type.Static<typeof ForwardRequest>;

/** What became of it: as `Forwarded`, and what of the answer may leave the vault. */
export const RequestForwarded = Type.Object({
  outcome: Type.Enum(['answered', 'not_sent', 'unknown']),
  status: Nullable(Type.Integer()),
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.Unknown(),
  redacted: Redaction,
  detail: Nullable(Type.String()),
});
export type RequestForwarded = Type.Static<typeof RequestForwarded>;
