/** Every event type, with what happened in plain words. Endpoints subscribe to these names. */
export const eventTypes = {
  'payment.processing': 'The processor has not answered yet; the outcome will follow',
  'payment.requires_capture': 'A payment was authorized and waits to be captured',
  'payment.succeeded': 'A payment was captured',
  'payment.failed': 'A payment was declined or could not be made',
  'payment.canceled': 'An authorized payment was canceled before capture',
  'refund.pending': 'A refund was sent; its outcome will follow',
  'refund.succeeded': 'Money went back to the customer',
  'refund.failed': 'A refund was refused by the processor',
  'customer.created': 'A customer was created',
  'payment_method.saved': 'A card was saved for a customer',
  'payment_method.deleted': 'A saved card was deleted',
  'api_key.created': 'An API key was minted',
  'api_key.revoked': 'An API key was revoked',
  'member.joined': 'Somebody accepted an invitation, or set the organization up',
  'member.roles_changed': 'What a member may do was changed',
  'member.disabled': 'A member was disabled or left; sessions, invitations and chosen keys ended',
  'member.enabled': 'A disabled member was let in again',
  'member.locked': 'An account was locked after ten wrong tries',
  'member.unlocked': 'A locked account was unlocked before its time',
  'member.factor_reset_requested': 'A member lost every factor and asks to enrol new ones',
  'member.factor_reset_approved': 'Another member let a person enrol new factors',
  'member.factor_reset_refused': 'Another member refused to let a person enrol new factors',
  'invitation.created': 'Somebody was invited',
  'invitation.revoked': 'An invitation was withdrawn',
  'role.created': 'A custom role was created',
  'role.updated': 'A custom role was changed',
  'role.deleted': 'A custom role was deleted',
  'security_policy.updated': 'The rules for signing in were changed',
  'webhook_endpoint.created': 'A webhook endpoint was created',
  'webhook_endpoint.updated': 'A webhook endpoint was changed',
  'webhook_endpoint.deleted': 'A webhook endpoint was deleted',
  'webhook_endpoint.disabled':
    'A webhook endpoint was switched off after failing for days or a 410',
} as const;

export type EventType = keyof typeof eventTypes;

export const allEventTypes = Object.keys(eventTypes) as EventType[];

/** In an endpoint's `events`: every type, those of the future included. */
export const anyEvent = '*';
