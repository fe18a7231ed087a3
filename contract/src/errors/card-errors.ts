import { type ErrorEntry, entry } from './entry.ts';

/** What the card gate does not let through, and what cannot be done to it. */
export const cardErrors = {
  card_gate_closed: entry(
    403,
    'The card gate of this organization and mode is closed.',
    'Take cards with the secure fields or the hosted page; docs/card-gate.md says who can open it.',
  ),
  fields_required: entry(
    403,
    'In live mode a publishable key takes cards from the secure fields only.',
    'Use the secure fields or the hosted page: your page must not handle card numbers.',
  ),
  ip_list_required: entry(
    403,
    'A key that handles card numbers must be bound to addresses.',
    'Give the key `ip_ranges`: networks of /8 (IPv6: /16) or smaller.',
  ),
  own_request: entry(
    409,
    'Nobody decides on what they asked for themselves.',
    'Ask another member who may approve it.',
  ),
  gate_request_pending: entry(
    409,
    'Somebody has already asked for the card gate to be opened.',
    'Approve or reject that request first.',
  ),
  attestation_over: entry(
    409,
    'The time of this attestation is over.',
    'Reject it, and ask again with a current one.',
  ),
  card_key_exposed: entry(
    409,
    'A key that handles card numbers was seen where no secret may be.',
    'Revoke it, make another, and approve again: `GET /v1/api_keys` shows which were `exposed_at`.',
  ),
  reveal_limit_exceeded: entry(
    429,
    'So many cards may not be revealed.',
    'Wait as long as Retry-After says. Limits are set with the attestation.',
    true,
  ),
  reveal_key_unusable: entry(
    403,
    'Cards cannot be sealed to this reveal key.',
    'Use one that is approved; in live mode the vault`s operator must have named it, too.',
  ),
  reveal_key_exists: entry(
    409,
    'This public key is registered already.',
    'Use that reveal key, or make a new pair of keys.',
  ),
  reveal_key_limit_reached: entry(
    409,
    'An organization may have ten reveal keys in a mode.',
    'Remove one that is no longer used.',
  ),
  idempotency_not_supported: entry(
    400,
    'A reveal takes no Idempotency-Key: nothing of it is stored, so nothing can be repeated.',
    'Leave the header out. Each request is recorded and counted by itself.',
  ),
} as const satisfies Record<string, ErrorEntry>;
