import type { schemas } from 'payos-contract';

type AuditEntry = schemas.AuditEntry;
type Details = AuditEntry['details'];

const proofs: Readonly<Record<string, string>> = {
  password: 'password',
  totp: 'code from an app',
  passkey: 'passkey',
  recovery_code: 'recovery code',
};

/** A detail in words, if it is there. */
const proofOf = ({ proof }: Details) => proofs[String(proof)] ?? 'factor';
const factorOf = ({ factor, proof }: Details) =>
  ({ totp: 'an authenticator app', passkey: 'a passkey' })[String(factor ?? proof)] ?? 'a factor';
const textOf = (value: unknown) => (typeof value === 'string' ? value : 'somebody');

/** What was done, to follow a name; `{object}` stands for the object. */
const phrases: Readonly<Record<string, string | ((details: Details) => string)>> = {
  'account.lock': 'locked the account of {object} after ten wrong tries',
  'account.reset_factors': 'removed every factor of {object}',
  'account.update': 'changed their name',
  'api_key.create': 'minted the API key {object}',
  'api_key.disable': 'disabled the API key {object}',
  'api_key.enable': 'enabled the API key {object}',
  'api_key.expire': 'saw the API key {object} come to its end',
  'api_key.expose': 'marked the API key {object} as exposed',
  'api_key.finish_rotation': 'ended the rotated API key {object}',
  'api_key.revoke': 'revoked the API key {object}',
  'api_key.rotate': 'gave the API key {object} a successor',
  'api_key.update': 'changed the API key {object}',
  'api_key_policy.update': 'changed the rules for API keys',
  'card.reveal': 'had a card revealed ({object})',
  'card_gate.approve': 'approved opening the card gate ({object})',
  'card_gate.close': 'closed the card gate ({object})',
  'card_gate.expire': 'saw the card gate close by itself ({object})',
  'card_gate.reject': 'refused to open the card gate ({object})',
  'card_gate.request': 'asked for the card gate to be opened ({object})',
  'checkout_session.create': 'created the checkout session {object}',
  'checkout_session.expire': 'ended the checkout session {object}',
  'customer.create': 'created the customer {object}',
  'email.change': 'changed their email address',
  'email.change_request': 'asked to change their email address',
  'factor.add': (details) => `enrolled ${factorOf(details)}`,
  'factor.remove': (details) => `removed ${factorOf(details)}`,
  'factor_reset.approve': 'let {object} enrol new factors',
  'factor_reset.refuse': 'refused to let {object} enrol new factors',
  'factor_reset.request': 'lost every factor and asked to enrol new ones',
  'forward.create': 'had a card sent to a destination ({object})',
  'forward.finish': 'wrote down what became of a forwarded card ({object})',
  'forward_destination.approve': 'approved that cards are sent to {object}',
  'forward_destination.create': 'named a destination for cards ({object})',
  'forward_destination.refuse': 'refused that cards are sent to {object}',
  'forward_destination.remove': 'removed a destination for cards ({object})',
  'invitation.accept': 'accepted the invitation {object}',
  'invitation.create': ({ email }) => `invited ${textOf(email)}`,
  'invitation.renew': 'made a new link for the invitation {object}',
  'invitation.revoke': 'withdrew the invitation {object}',
  'member.change_roles': 'changed the roles of {object}',
  'member.disable': 'disabled {object}',
  'member.enable': 'enabled {object}',
  'member.end_sessions': 'ended the sessions of {object}',
  'member.leave': 'left the organization',
  'member.unlock': 'unlocked {object}',
  'organization.change_branding': 'changed how the checkout page looks',
  'organization.create': 'created the organization',
  'organization.rename': 'renamed the organization',
  'organization.set_up': 'set the organization up',
  'password.change': 'changed their password',
  'password.reset': 'chose a new password by a mailed link',
  'password.reset_request': 'sent {object} a link to choose a new password',
  'payment.authorize.settle': 'learned how the processor answered to {object}',
  'payment.cancel': 'canceled the payment {object}',
  'payment.cancel.settle': 'learned how the cancellation of {object} ended',
  'payment.capture': 'captured the payment {object}',
  'payment.capture.settle': 'learned how the capture of {object} ended',
  'payment.create': 'created the payment {object}',
  'payment.refund.settle': 'learned how the refund of {object} ended',
  'payment_method.delete': 'deleted the saved card {object}',
  'payment_method.describe': 'learned more about the saved card {object} from the vault',
  'payment_method.lose': 'found the saved card {object} gone from the vault',
  'recovery_codes.renew': 'made new recovery codes',
  'refund.create': 'made the refund {object}',
  'reveal_key.approve': 'let cards be sealed to {object}',
  'reveal_key.remove': 'removed the reveal key {object}',
  'reveal_key.request': 'registered the reveal key {object}',
  'role.create': ({ name }) => `created the role ${textOf(name)}`,
  'role.delete': ({ name }) => `deleted the role ${textOf(name)}`,
  'role.update': 'changed the role {object}',
  'security_policy.update': 'changed the rules for signing in',
  'session.end': ({ reason }) => (reason === 'signed_out' ? 'signed out' : 'ended a session'),
  'session.end_others': 'ended all other sessions of theirs',
  'session.start': 'signed in',
  'session.switch_organization': 'came from another organization',
  'setup_link.create': 'made a set-up link',
  'sign_in.fail': (details) => `gave a wrong ${proofOf(details)} for {object}`,
  'sign_in.pass': (details) => `gave the right ${proofOf(details)}`,
  'step_up.fail': (details) => `gave a wrong ${proofOf(details)} when asked again`,
  'step_up.pass': (details) => `confirmed with a ${proofOf(details)}`,
  'webhook_delivery.resend': 'sent the webhook delivery {object} again',
  'webhook_endpoint.create': 'created the webhook endpoint {object}',
  'webhook_endpoint.delete': 'deleted the webhook endpoint {object}',
  'webhook_endpoint.disable': 'switched off the webhook endpoint {object}',
  'webhook_endpoint.update': 'changed the webhook endpoint {object}',
};

/** An action nobody wrote a phrase for is named as it is. */
export function phraseOf({ action, object_id: object, details }: AuditEntry): string {
  const phrase = phrases[action];
  if (typeof phrase === 'function') return phrase(details);
  return phrase ?? `did ${action}${object === null ? '' : ' to {object}'}`;
}
