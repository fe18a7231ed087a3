import { type ErrorEntry, entry } from './entry.ts';

/** What cannot be done with an API key. */
export const keyErrors = {
  keys_only: entry(
    403,
    'This is for API keys about themselves, not for signed-in people.',
    'Use POST /v1/api_keys/:id/rotate and GET /v1/api_keys/:id.',
  ),
  key_rotated_already: entry(
    409,
    'This API key has a successor already.',
    'Rotate the successor, or end this one early.',
  ),
  key_state: entry(
    409,
    'The API key is not in a state that allows this.',
    'Read the key: `status` says what it is.',
  ),
  key_overdue: entry(
    409,
    'This API key is older than the rules allow: it gets no further permissions.',
    'Rotate it, and change the successor.',
  ),
  key_limit_reached: entry(
    409,
    'This organization has as many living API keys in this mode as it may have.',
    'Revoke keys that nobody uses.',
  ),
  key_policy_refused: entry(
    422,
    'The rules of the organization do not allow such an API key.',
    'See `errors`: each entry names the field and the rule.',
  ),
} as const satisfies Record<string, ErrorEntry>;
