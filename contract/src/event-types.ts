import type { Permission } from './permissions.ts';

type Entry = {
  /** What happened, in plain words. */
  text: string;
  /** What one must hold beside events:read: an event shows what the object itself shows. */
  needs?: Permission;
};

/** Every event type. Endpoints subscribe to these names. */
export const eventTypes = {
  'payment.processing': { text: 'The processor has not answered yet; the outcome will follow' },
  'payment.requires_capture': { text: 'A payment was authorized and waits to be captured' },
  'payment.succeeded': { text: 'A payment was captured' },
  'payment.failed': { text: 'A payment was declined or could not be made' },
  'payment.canceled': { text: 'An authorized payment was canceled before capture' },
  'refund.pending': { text: 'A refund was sent; its outcome will follow' },
  'refund.succeeded': { text: 'Money went back to the customer' },
  'refund.failed': { text: 'A refund was refused by the processor' },
  'checkout_session.completed': { text: 'A visitor paid on the hosted page' },
  'checkout_session.expired': { text: 'A checkout session ended without a payment' },
  'customer.created': { text: 'A customer was created' },
  'payment_method.saved': { text: 'A card was saved for a customer' },
  'payment_method.updated': { text: 'Expiry or name of a saved card was changed' },
  'payment_method.deleted': { text: 'A saved card was deleted' },
  'api_key.created': { text: 'An API key was minted', needs: 'keys:read' },
  'api_key.updated': { text: 'What an API key may do was changed', needs: 'keys:read' },
  'api_key.rotated': { text: 'An API key was given a successor', needs: 'keys:read' },
  'api_key.disabled': { text: 'An API key was switched off', needs: 'keys:read' },
  'api_key.enabled': { text: 'A disabled API key was switched on again', needs: 'keys:read' },
  'api_key.revoked': { text: 'An API key was revoked', needs: 'keys:read' },
  'api_key.expiring': {
    text: 'An API key ends or is due to be replaced in 14, 7 or 1 days',
    needs: 'keys:read',
  },
  'api_key.overdue': { text: 'An API key is older than the rules allow', needs: 'keys:read' },
  'api_key.expired': { text: 'An API key came to its end', needs: 'keys:read' },
  'api_key.exposed': { text: 'An API key was seen where no secret may be', needs: 'keys:read' },
  'api_key.beyond_owner': {
    text: 'An API key may do more than the member who made it may do now',
    needs: 'keys:read',
  },
  'api_key_policy.updated': {
    text: 'The rules for API keys were changed',
    needs: 'security_policy:read',
  },
  'card_gate.requested': {
    text: 'Somebody asks for the card gate to be opened',
    needs: 'card_gate:read',
  },
  'card_gate.opened': {
    text: 'Another person approved, and the card gate is open or will be',
    needs: 'card_gate:read',
  },
  'card_gate.rejected': {
    text: 'Somebody refused to open the card gate',
    needs: 'card_gate:read',
  },
  'card_gate.closed': {
    text: 'Somebody closed the card gate, or an incident did',
    needs: 'card_gate:read',
  },
  'card_gate.expiring': {
    text: 'The card gate closes by itself in 30, 14, 7 or 1 days',
    needs: 'card_gate:read',
  },
  'card_gate.expired': {
    text: 'The card gate closed by itself: the attestation ended',
    needs: 'card_gate:read',
  },
  'reveal_key.requested': {
    text: 'Somebody registered a public key that cards may be sealed to',
    needs: 'card_gate:read',
  },
  'reveal_key.approved': {
    text: 'Another person approved a key that cards may be sealed to',
    needs: 'card_gate:read',
  },
  'reveal_key.removed': {
    text: 'A key that cards were sealed to was removed, or refused',
    needs: 'card_gate:read',
  },
  'card.revealed': {
    text: 'A stored card number was handed out, sealed to a reveal key',
    needs: 'card_gate:read',
  },
  'card_data.found': {
    text: 'What looked like a card number was found where none may be, and taken out',
    needs: 'card_gate:read',
  },
  'member.joined': {
    text: 'Somebody accepted an invitation, or set the organization up',
    needs: 'members:read',
  },
  'member.roles_changed': { text: 'What a member may do was changed', needs: 'members:read' },
  'member.disabled': {
    text: 'A member was disabled or left; sessions, invitations and chosen keys ended',
    needs: 'members:read',
  },
  'member.enabled': { text: 'A disabled member was let in again', needs: 'members:read' },
  'member.locked': { text: 'An account was locked after ten wrong tries', needs: 'members:read' },
  'member.unlocked': {
    text: 'A locked account was unlocked before its time',
    needs: 'members:read',
  },
  'member.factor_reset_requested': {
    text: 'A member lost every factor and asks to enrol new ones',
    needs: 'members:read',
  },
  'member.factor_reset_approved': {
    text: 'Another member let a person enrol new factors',
    needs: 'members:read',
  },
  'member.factor_reset_refused': {
    text: 'Another member refused to let a person enrol new factors',
    needs: 'members:read',
  },
  'invitation.created': { text: 'Somebody was invited', needs: 'members:read' },
  'invitation.revoked': { text: 'An invitation was withdrawn', needs: 'members:read' },
  'role.created': { text: 'A custom role was created', needs: 'members:read' },
  'role.updated': { text: 'A custom role was changed', needs: 'members:read' },
  'role.deleted': { text: 'A custom role was deleted', needs: 'members:read' },
  'security_policy.updated': {
    text: 'The rules for signing in were changed',
    needs: 'security_policy:read',
  },
  'forward.answered': {
    text: 'A request with a card was answered, whatever the answer',
  },
  'forward.not_sent': {
    text: 'A request with a card could not be sent; nothing left',
  },
  'forward.unknown': {
    text: 'A request with a card may have arrived; it is not sent again',
  },
  'forward_destination.created': {
    text: 'Somebody named a destination that cards may be sent to',
  },
  'forward_destination.approved': {
    text: 'A second person approved a destination that cards may be sent to',
  },
  'forward_destination.refused': {
    text: 'A second person refused a destination that cards may be sent to',
  },
  'forward_destination.removed': {
    text: 'No cards are sent to a destination any more',
  },
  'webhook_endpoint.created': { text: 'A webhook endpoint was created' },
  'webhook_endpoint.updated': { text: 'A webhook endpoint was changed' },
  'webhook_endpoint.deleted': { text: 'A webhook endpoint was deleted' },
  'webhook_endpoint.disabled': {
    text: 'A webhook endpoint was switched off after failing for days or a 410',
  },
} as const satisfies Record<string, Entry>;

export type EventType = keyof typeof eventTypes;

export const allEventTypes = Object.keys(eventTypes) as EventType[];

/** Undefined where events:read is enough. */
export function eventNeeds(type: EventType): Permission | undefined {
  const entry: Entry = eventTypes[type];
  return entry.needs;
}

/** In an endpoint's `events`: every type, those of the future included. */
export const anyEvent = '*';
