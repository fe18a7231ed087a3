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
    'This is not permitted.',
    'It needs the permission named in `detail`: of the key, or of your role in this mode.',
  ),
  publishable_key_refused: entry(
    403,
    'A publishable key can only create tokens.',
    'Use a secret key from your server.',
  ),
  people_only: entry(
    403,
    'This is for signed-in people, not for API keys.',
    'Do it in the dashboard.',
  ),
  not_signed_in: entry(401, 'You are not signed in.', 'Sign in.'),
  session_expired: entry(
    401,
    'Your session has ended.',
    'Sign in again. Nothing of what you just sent was done.',
  ),
  sign_in_unfinished: entry(
    401,
    'The sign-in is not finished.',
    'Give the second factor, or enrol one if you have none.',
  ),
  step_not_due: entry(
    409,
    'This is not the step that the sign-in is at.',
    'Read GET /v1/session: `state` says what comes next.',
  ),
  sign_in_failed: entry(
    401,
    'That did not match.',
    'Check what you typed. After ten wrong tries an account is locked for 30 minutes.',
  ),
  step_up_required: entry(
    403,
    'This asks for one of your factors again.',
    'Confirm with one of the `methods`, then send the request again.',
  ),
  wrong_origin: entry(
    403,
    'This request did not come from the dashboard.',
    'Open the dashboard at the address PayOS printed when it started, and try there.',
  ),
  csrf_mismatch: entry(
    403,
    'The PayOS-CSRF header does not belong to this session.',
    'Read GET /v1/session and send its `csrf_token`. In the dashboard: reload the page.',
  ),
  no_organization: entry(
    403,
    'You do not belong to an organization.',
    'Ask somebody there to invite you.',
  ),
  network_refused: entry(
    403,
    'The organization does not allow the dashboard from this address.',
    'Connect from an allowed network, or ask an owner to add yours.',
  ),
  factor_not_allowed: entry(
    403,
    'The organization does not allow this factor.',
    'Use or enrol one of the factors named in `detail`.',
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

  // People
  link_invalid: entry(
    410,
    'This link was used, has expired or was withdrawn.',
    'Ask for a new one.',
  ),
  password_refused: entry(
    422,
    'This password is too easy to guess.',
    'Choose another; see `detail`.',
  ),
  factor_exists: entry(409, 'This factor is already enrolled.', 'Remove it first, or use it.'),
  last_factor: entry(
    409,
    'This is the last factor of the account.',
    'Enrol another one before you remove it.',
  ),
  passkey_refused: entry(
    422,
    'The passkey could not be verified.',
    'Try again. A passkey must ask for your fingerprint, face or PIN.',
  ),
  passkey_limit_reached: entry(
    409,
    'An account may have ten passkeys.',
    'Remove one that you no longer use.',
  ),
  more_than_own: entry(
    403,
    'Nobody can grant or touch what they do not have themselves.',
    'Ask somebody who has the permissions named in `detail`.',
  ),
  last_owner: entry(409, 'An organization needs an owner.', 'Make somebody else an owner first.'),
  own_membership: entry(409, 'This cannot be done to yourself.', 'Ask another member.'),
  already_member: entry(409, 'This person is a member already.', 'Change their roles instead.'),
  invitation_exists: entry(
    409,
    'This person has an open invitation.',
    'Renew its link, or withdraw it first.',
  ),
  inviter_gone: entry(
    409,
    'Whoever invited you may no longer do so.',
    'Ask another member for an invitation.',
  ),
  invitation_for_other: entry(
    409,
    'This invitation is for another email address.',
    'Sign out, then open the link again as the person who was invited.',
  ),
  email_taken: entry(409, 'This email address has an account.', 'Sign in, or use another address.'),
  email_domain_refused: entry(
    422,
    'The organization does not allow this email domain.',
    'Use an address of a domain named in `detail`.',
  ),
  role_in_use: entry(
    409,
    'Members or invitations have this role.',
    'Give them another role first.',
  ),
  role_name_taken: entry(409, 'There is a role of this name.', 'Choose another name.'),
  locks_you_out: entry(409, 'This would lock you out.', 'See `detail` for what keeps you in.'),
  nobody_can_decide: entry(
    409,
    'Nobody in your organization can let you enrol new factors.',
    'Ask whoever runs the machine: `npx payos accounts reset-factors --email …`.',
  ),
  factors_replaced: entry(
    409,
    'While this person was disabled, others let them enrol new factors.',
    'Make sure that it is them, by another way than mail; then send `factors_replaced: true`.',
  ),
  decided_already: entry(409, 'This was decided already.', 'Read it again to see how.'),

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
  /** Of `step_up_required`: what can be given. */
  methods?: string[];
  errors?: FieldError[];
};

export type ProblemExtras = {
  detail?: string | undefined;
  param?: string | undefined;
  decline_code?: string | undefined;
  payment?: string | undefined;
  methods?: string[] | undefined;
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
