import { type ErrorEntry, entry } from './entry.ts';

/** What the state of payments, cards and PayOS itself does not allow. */
export const stateErrors = {
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
  checkout_session_state: entry(
    409,
    'The checkout session is not in a state that allows this.',
    'Read the session: `status` and `payment` say what became of it.',
  ),
  checkout_url_refused: entry(
    422,
    'A visitor cannot be sent to this URL.',
    'Use an https URL without user name and password; in test mode http://localhost works, too.',
  ),
  logo_refused: entry(
    422,
    'The logo is not a picture that can be shown.',
    'Send a PNG, JPEG or WebP of at most 100 kB, in base64.',
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

  // Keys of the vault
  vault_key_state: entry(
    409,
    'The key is not in a state that allows this.',
    'See `detail`, and `payos vault keys list`.',
  ),
  key_in_use: entry(
    409,
    'There are records under this key.',
    'Move them with `payos vault keys rotate`, then try again.',
  ),
  share_refused: entry(
    422,
    'This share is not taken.',
    'See `detail`. Shares come from `payos vault custody split`.',
  ),
  keyring_refused: entry(
    422,
    'This keyring cannot be used.',
    'See `detail`, and docs/vault-keys.md for what it looks like.',
  ),
  too_early: entry(409, 'The time for this has not come.', 'See `detail` for when it will.'),

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
  cvc_token_expired: entry(
    404,
    'There is no such security code (any more) in this organization and mode.',
    'Collect the security code again: it is kept for 15 minutes and one payment, in memory only.',
  ),
  live_mode_unavailable: entry(
    403,
    'Live mode is not set up on this installation.',
    'Use a test key: this version takes payments in test mode only. Why cards of live mode are ' +
      'refused, the operator finds in the log of the vault: `closed_in_live_mode`.',
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
  fields_not_built: entry(
    503,
    'The secure fields have not been built.',
    'On the machine of the vault: `npm start` builds them; then start the vault again.',
  ),
  internal_error: entry(
    500,
    'Something went wrong on our side.',
    'Try again with the same Idempotency-Key; tell support the request_id.',
    true,
  ),
} as const satisfies Record<string, ErrorEntry>;
