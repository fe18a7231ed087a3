import { type ErrorEntry, entry } from './entry.ts';

/** What forwarding cards does not allow. */
export const forwardErrors = {
  destination_not_allowed: entry(
    422,
    'Cards may not be sent to this URL.',
    'Name it as a destination, have it approved, and stay below its path.',
  ),
  destination_url_refused: entry(
    422,
    'Cards can never be sent to this URL.',
    'Use an https URL with a public host name.',
  ),
  destination_limit_reached: entry(
    409,
    'This organization has as many destinations as it may have.',
    'Remove a destination first.',
  ),
  forward_not_sent: entry(
    502,
    'The request could not be sent. Nothing left the vault.',
    'Try again later with a new Idempotency-Key.',
  ),
} as const satisfies Record<string, ErrorEntry>;
