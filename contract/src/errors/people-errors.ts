import { type ErrorEntry, entry } from './entry.ts';

/** What cannot be done by people and with their accounts. */
export const peopleErrors = {
  link_invalid: entry(
    410,
    'This link was used, has expired or was withdrawn.',
    'Ask for a new one.',
  ),
  password_refused: entry(
    422,
    'This password is too easy to guess.',
    'Choose another; see `detail`.',
  ),
  factor_exists: entry(409, 'This factor is already enrolled.', 'Remove it first, or use it.'),
  last_factor: entry(
    409,
    'This is the last factor of the account.',
    'Enrol another one before you remove it.',
  ),
  passkey_refused: entry(
    422,
    'The passkey could not be verified.',
    'Try again. A passkey must ask for your fingerprint, face or PIN.',
  ),
  passkey_limit_reached: entry(
    409,
    'An account may have ten passkeys.',
    'Remove one that you no longer use.',
  ),
  more_than_own: entry(
    403,
    'Nobody can grant or touch what they do not have themselves.',
    'Ask somebody who has the permissions named in `detail`.',
  ),
  last_owner: entry(409, 'An organization needs an owner.', 'Make somebody else an owner first.'),
  own_membership: entry(409, 'This cannot be done to yourself.', 'Ask another member.'),
  already_member: entry(409, 'This person is a member already.', 'Change their roles instead.'),
  invitation_exists: entry(
    409,
    'This person has an open invitation.',
    'Renew its link, or withdraw it first.',
  ),
  inviter_gone: entry(
    409,
    'Whoever invited you may no longer do so.',
    'Ask another member for an invitation.',
  ),
  invitation_for_other: entry(
    409,
    'This invitation is for another email address.',
    'Sign out, then open the link again as the person who was invited.',
  ),
  email_taken: entry(409, 'This email address has an account.', 'Sign in, or use another address.'),
  email_domain_refused: entry(
    422,
    'The organization does not allow this email domain.',
    'Use an address of a domain named in `detail`.',
  ),
  role_in_use: entry(
    409,
    'Members or invitations have this role.',
    'Give them another role first.',
  ),
  role_name_taken: entry(409, 'There is a role of this name.', 'Choose another name.'),
  locks_you_out: entry(409, 'This would lock you out.', 'See `detail` for what keeps you in.'),
  nobody_can_decide: entry(
    409,
    'Nobody in your organization can let you enrol new factors.',
    'Ask whoever runs the machine: `npx payos accounts reset-factors --email …`.',
  ),
  factors_replaced: entry(
    409,
    'While this person was disabled, others let them enrol new factors.',
    'Make sure that it is them, by another way than mail; then send `factors_replaced: true`.',
  ),
  decided_already: entry(409, 'This was decided already.', 'Read it again to see how.'),
} as const satisfies Record<string, ErrorEntry>;
