import type { schemas } from 'payos-contract';

type AuditEntry = schemas.AuditEntry;

/** What was done, to follow a name; `{object}` stands for the object. */
const phrases: Readonly<Record<string, string>> = {
  'api_key.create': 'minted the API key {object}',
  'api_key.revoke': 'revoked the API key {object}',
  'customer.create': 'created the customer {object}',
  'member.change_roles': 'changed the roles of {object}',
  'member.disable': 'disabled {object}',
  'member.enable': 'enabled {object}',
  'member.end_sessions': 'ended the sessions of {object}',
  'member.leave': 'left the organization',
  'member.unlock': 'unlocked {object}',
  'organization.create': 'created the organization',
  'payment.create': 'created the payment {object}',
  'payment_method.delete': 'deleted the saved card {object}',
  'refund.create': 'made the refund {object}',
  'webhook_delivery.resend': 'sent the webhook delivery {object} again',
  'webhook_endpoint.create': 'created the webhook endpoint {object}',
  'webhook_endpoint.delete': 'deleted the webhook endpoint {object}',
  'webhook_endpoint.disable': 'switched off the webhook endpoint {object}',
  'webhook_endpoint.update': 'changed the webhook endpoint {object}',
};

/** An action nobody wrote a phrase for is named as it is. */
export function phraseOf({ action, object_id: object }: AuditEntry): string {
  return phrases[action] ?? `did ${action}${object === null ? '' : ' to {object}'}`;
}
