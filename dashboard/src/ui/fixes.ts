import type { Problem } from 'payos-contract';

/**
 * What to do, said to somebody who uses the dashboard; the API says it to those who write programs.
 * What is not here is said in words that serve both.
 */
const fixes: Partial<Record<Problem['code'], string>> = {
  invalid_request: 'Check what you entered, then try again.',
  permission_denied: 'Somebody who manages members can give you a role that may do it.',
  sign_in_unfinished: 'Finish signing in, then try again.',
  step_not_due: 'Reload the page: the sign-in stands at another step.',
  step_up_required: 'Try again, and confirm with one of your factors.',
  csrf_mismatch: 'Reload the page, then try again.',
  network_refused: 'Connect from an allowed network, or ask an owner to add yours.',
  factor_not_allowed: 'Enrol a factor that is allowed, under your account, then use it.',
  rate_limited: 'Wait a minute, then try again.',
  not_found: 'Go back to the list. It may be of the other mode, or have been removed.',
  idempotency_conflict: 'The same is being done already. Wait a moment, then look at the outcome.',
  idempotency_mismatch: 'Reload the page, look at the outcome, then try again.',
  payment_state: 'Reload the page: the payment has changed meanwhile.',
  capture_amount_too_large: 'Enter no more than what is reserved.',
  refund_amount_too_large: 'Enter no more than what can still be refunded.',
  password_refused: 'Choose a longer one, or one that is harder to guess.',
  more_than_own: 'Ask somebody who may do all of it.',
  email_domain_refused: 'Use an address of a domain that is allowed.',
  locks_you_out: 'Change the rules so that you stay in, then save them.',
  factors_replaced: 'Make sure that it is them, by another way than mail.',
  processor_error: 'Look at the payment, then try again later.',
  card_declined: 'Ask the customer for another card.',
  key_rotated_already: 'Reload the page: it shows the key that replaces this one.',
  key_state: 'Reload the page: the key has changed meanwhile.',
  key_policy_refused: 'Change what the rules for API keys do not allow, then try again.',
  vault_unavailable: 'Try again in a moment.',
  internal_error: 'Try again. If it happens again, tell whoever runs this installation.',
};

/** What a person can do about a problem. */
export const fixOf = ({ code, fix }: Pick<Problem, 'code' | 'fix'>): string => fixes[code] ?? fix;
