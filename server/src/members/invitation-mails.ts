import { RateLimiter } from '../core/rate-limit.ts';

const hourMs = 3_600_000;
/** Invitations mailed to one address within an hour, whoever invites. */
const perAddress = 5;
/** Invitations that one organization mails within an hour. */
const perOrganization = 200;

const addresses = new RateLimiter();
const organizations = new RateLimiter();

/**
 * Whether another invitation may be mailed; counts it if so. Beyond the limits the invitation is
 * made all the same and its link is shown, so that nobody can keep somebody from being invited by
 * using the address up; but PayOS is no machine to fill mailboxes with.
 *
 * @param emailKey the address as it is compared
 */
export function mayMailInvitation(organization: string, emailKey: string): boolean {
  if (!addresses.peek(emailKey, perAddress, hourMs).allowed) return false;
  if (!organizations.take(organization, perOrganization, hourMs).allowed) return false;
  return addresses.take(emailKey, perAddress, hourMs).allowed;
}
