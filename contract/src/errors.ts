/**
 * Every error code of the API: HTTP status, what happened, what to do about it, and whether the
 * same request may succeed later. The docs page and the SDK's union are generated from this table.
 */
type ErrorEntry = { status: number; title: string; fix: string; retryable: boolean };

const entry = (status: number, title: string, fix: string, retryable = false): ErrorEntry => ({
  status,
  title,
  fix,
  retryable,
});

export const errorTable = {
  // The request itself
  malformed_json: entry(400, 'The body is not valid JSON.', 'Send one JSON value in UTF-8.'),
  duplicate_key: entry(400, 'A key occurs twice in the body.', 'Send each key once.'),
  too_deeply_nested: entry(400, 'The body is nested too deeply.', 'Flatten the body.'),
  invalid_text: entry(
    400,
    'A text contains a NUL character or broken Unicode.',
    'Send text as valid UTF-8 without NUL characters.',
  ),
  invalid_request: entry(
    400,
    'The request does not have the expected form.',
    'See `errors`: each entry names the place and what it must be.',
  ),
  invalid_version: entry(
    400,
    'This PayOS-Version does not exist.',
    'Leave the header out or send a version listed in the docs.',
  ),
  idempotency_key_required: entry(
    400,
    'This request moves money and needs an Idempotency-Key header.',
    'Send a new random value per intended payment, and the same value when you retry.',
  ),
  invalid_idempotency_key: entry(
    400,
    'The Idempotency-Key header must be 1 to 255 visible ASCII characters, sent once.',
    'Send one key, for example a UUID.',
  ),
  plain_http: entry(
    400,
    'This port speaks HTTPS only.',
    'Use https://. If the request carried an API key, treat the key as exposed and replace it.',
  ),
  malformed_http: entry(
    400,
    'The request is not valid HTTP.',
    'Send a well-formed HTTP/1.1 request.',
  ),
  route_not_found: entry(404, 'There is nothing at this path.', 'Check the path at /docs.'),
  method_not_allowed: entry(
    405,
    'This path does not take this method.',
    'Use a method listed in the Allow header.',
  ),
  request_timeout: entry(408, 'The request took too long to arrive.', 'Send it again.', true),
  body_too_large: entry(413, 'The body is too large.', 'Keep the body within the limit.'),
  uri_too_long: entry(414, 'The URL is too long.', 'Shorten the path or the query.'),
  unsupported_media_type: entry(
    415,
    'The body must be JSON.',
    'Send Content-Type: application/json.',
  ),
  headers_too_large: entry(431, 'The headers are too large.', 'Send fewer or shorter headers.'),

  // Who is asking
  missing_api_key: entry(401, 'No API key was sent.', 'Send `Authorization: Bearer payos_sk_…`.'),
  invalid_api_key: entry(
    401,
    'This API key is not valid.',
    'Check that the whole key was copied, and that it belongs to this installation.',
  ),
  revoked_api_key: entry(
    401,
    'This API key was revoked.',
    'Use another key, or mint one: `npx payos keys create`.',
  ),
  permission_denied: entry(
    403,
    'This API key may not do that.',
    'Use a key that has the permission named in `detail`.',
  ),
  publishable_key_refused: entry(
    403,
    'A publishable key can only create tokens.',
    'Use a secret key from your server.',
  ),
  metrics_refused: entry(
    403,
    'Metrics are not shown to this address.',
    'Add the address to PAYOS_METRICS_ALLOW.',
  ),
  rate_limited: entry(
    429,
    'Too many requests.',
    'Wait for the number of seconds in Retry-After.',
    true,
  ),

  // The state of things
  not_found: entry(
    404,
    'No such object in this organization and mode.',
    'Check the id, and that key and object are of the same mode.',
  ),
  idempotency_conflict: entry(
    409,
    'A request with this Idempotency-Key is still being worked on.',
    'Wait a moment and send it again with the same key.',
    true,
  ),
  idempotency_mismatch: entry(
    422,
    'This Idempotency-Key was used with another request.',
    'Use a new key for a new request.',
  ),
  payment_busy: entry(
    409,
    'Another operation on this payment has not finished.',
    'Wait for its outcome, then try again.',
    true,
  ),
  payment_state: entry(
    409,
    'The payment is not in a state that allows this.',
    'Read the payment: `status` says what is possible.',
  ),
  capture_amount_too_large: entry(
    422,
    'The capture is larger than the authorized amount.',
    'Capture at most `amount`.',
  ),
  refund_amount_too_large: entry(
    422,
    'The refund is larger than what is left of the captured amount.',
    'Refund at most `amount_refundable` of the payment.',
  ),
  endpoint_limit_reached: entry(
    409,
    'This organization has as many webhook endpoints as it may have.',
    'Delete an endpoint first.',
  ),

  // Cards and tokens
  test_card_required: entry(
    422,
    'Test mode takes only published test card numbers.',
    'Use 4242 4242 4242 4242 or another card from the table in the docs.',
  ),
  invalid_card: entry(
    422,
    'The card details are not those of a card.',
    'See `errors`: each entry names the field and what is wrong with it.',
  ),
  card_expired: entry(422, 'The card has expired.', 'Ask for another card.'),
  card_data_refused: entry(
    422,
    'A field contains what looks like a card number.',
    'Card numbers may only be sent to the vault. Remove it from this field.',
  ),
  token_already_used: entry(
    409,
    'This token was used before.',
    'Collect the card again to get a new token.',
  ),
  token_expired: entry(409, 'This token has expired.', 'Collect the card again.'),
  live_mode_unavailable: entry(
    403,
    'Live mode is not set up on this installation.',
    'Use a test key: this version takes payments in test mode only.',
  ),

  // Processors
  card_declined: entry(
    402,
    'The card was declined.',
    'See `decline_code`; ask the customer for another card.',
  ),
  processor_error: entry(
    502,
    'The processor could not do this. No money moved.',
    'Try again later with a new Idempotency-Key; for a new payment collect the card again.',
  ),

  // Webhook endpoints
  webhook_url_refused: entry(
    422,
    'Webhooks cannot be sent to this URL.',
    'Use an https URL with a public host name.',
  ),

  // Our side
  vault_unavailable: entry(
    503,
    'The vault is not reachable. Nothing was charged.',
    'Try again; with a new Idempotency-Key if the answer names a payment.',
    true,
  ),
  unavailable: entry(503, 'PayOS is not ready.', 'Try again shortly.', true),
  internal_error: entry(
    500,
    'Something went wrong on our side.',
    'Try again with the same Idempotency-Key; tell support the request_id.',
    true,
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

/** One refused place in a request. `pointer` is an RFC 6901 JSON pointer. */
export type FieldError = { pointer: string; code: string; message: string; fix: string };

/** Body of every error answer: RFC 9457 with PayOS's members. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  request_id: string;
  retryable: boolean;
  fix: string;
  param?: string;
  decline_code?: string;
  payment?: string;
  errors?: FieldError[];
};

export type ProblemExtras = {
  detail?: string | undefined;
  param?: string | undefined;
  decline_code?: string | undefined;
  payment?: string | undefined;
  errors?: FieldError[] | undefined;
};

/** Builds the problem body of a code. `type` is a path on the instance's own docs. */
export function problem(code: ErrorCode, requestId: string, extras: ProblemExtras = {}): Problem {
  const { status, title, fix, retryable } = errorTable[code];
  const { detail = title, ...members } = extras;
  const defined = Object.entries(members).filter(([, value]) => value !== undefined);
  return {
    type: `/docs/errors#${code}`,
    title,
    status,
    code,
    detail,
    request_id: requestId,
    retryable,
    fix,
    ...Object.fromEntries(defined),
  };
}
