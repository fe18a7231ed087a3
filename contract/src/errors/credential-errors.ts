import { type ErrorEntry, entry } from './entry.ts';

/** Who is asking, and what they may do. */
export const credentialErrors = {
  missing_api_key: entry(401, 'No API key was sent.', 'Send `Authorization: Bearer payos_sk_…`.'),
  invalid_api_key: entry(
    401,
    'This API key is not valid.',
    'Check that the whole key was copied, and that it belongs to this installation.',
  ),
  revoked_api_key: entry(
    401,
    'This API key was revoked.',
    'Use another key, or make one in the dashboard or with `npx payos keys create`.',
  ),
  expired_api_key: entry(401, 'This API key has expired.', 'Use its successor, or make a new key.'),
  disabled_api_key: entry(
    401,
    'This API key is switched off.',
    'Ask whoever looks after the keys to enable it, or use another.',
  ),
  invalid_checkout_secret: entry(
    401,
    'The link to this checkout page is not valid.',
    'Open the whole link as the shop gave it.',
  ),
  checkout_session_over: entry(
    403,
    'Nothing can be paid on this checkout page any more.',
    'Go back to the shop and begin again.',
  ),
  invalid_signature: entry(
    401,
    'The signature of this request is not valid.',
    'See docs/signed-requests.md for what must be signed, and check that the key is registered.',
  ),
  alert_signature_refused: entry(
    401,
    'The signature of this report is not valid.',
    'Sign the body with a key of the list that PAYOS_SECRET_SCANNING_KEYS names.',
  ),
  signature_replayed: entry(
    401,
    'This signature was used before.',
    'Sign every request, and every repetition of it, with a new nonce.',
  ),
  context_refused: entry(
    403,
    'The signed context of this request to the vault is not valid.',
    'Only PayOS itself sees this. The log of the vault says why; see docs/vault-deployment.md.',
  ),
  ip_not_allowed: entry(
    403,
    'This API key may not be used from this address.',
    'Call from an allowed network, or add the address named in `detail` to the key.',
  ),
  origin_not_allowed: entry(
    403,
    'This publishable key is bound to pages, and this is none of them.',
    'Add the origin named in `detail` to the key; programs, which name none, need another key.',
  ),
  wrong_mode: entry(
    403,
    'This API key is of the other mode.',
    'Use a key of the mode that PayOS-Mode names, or leave the header out.',
  ),
  secret_key_in_browser: entry(
    403,
    'A secret key was used by a page in a browser, where everybody can read it.',
    'Call from your server, and replace this key: treat it as exposed.',
  ),
  key_in_url: entry(
    400,
    'The URL contains an API key. URLs end up in logs and histories.',
    'Send it as `Authorization: Bearer …`, and replace this key: treat it as exposed.',
  ),
  key_in_body: entry(
    400,
    'A field contains an API key.',
    'Remove it: what is stored is shown to others. A key belongs in the Authorization header.',
  ),
  key_amount_exceeded: entry(
    403,
    'This API key may not ask for so much in one payment.',
    'Ask for less, or raise the cap of the key.',
  ),
  key_daily_amount_exceeded: entry(
    403,
    'This API key has reached what it may ask for in a day.',
    'Wait until midnight UTC, or raise the cap of the key.',
  ),
  key_currency_refused: entry(
    403,
    'This API key may not take payments in this currency.',
    'Use one of the currencies named in `detail`, or add this one to the key.',
  ),
  key_customer_refused: entry(
    403,
    'This API key is bound to certain customers.',
    'Use it for payments of these customers only, or use another key.',
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
} as const satisfies Record<string, ErrorEntry>;
