import type { FieldProblem } from '../../payos.d.ts';

/** What developers are told when the fields cannot be used. Codes of the API, and our own. */
const messages: Readonly<Record<string, string>> = {
  invalid_api_key: 'The vault does not know this publishable key.',
  revoked_api_key: 'This publishable key was revoked.',
  expired_api_key: 'This publishable key has expired.',
  secret_key_in_browser: 'This is not a publishable key. Replace it: it has been in a page.',
  origin_not_allowed:
    'The key does not work on this page: its allowed_origins do not name this origin. ' +
    'A live key without any works on no page.',
  live_mode_unavailable: 'Live mode is not set up on this installation.',
  rate_limited: 'Too many requests with wrong keys from here.',
  fields_not_built: 'The vault has no secure fields: see its log.',
  frame_moved: 'The page moved the frame while a token was made. Ask again.',
  fields_missing: 'Mount a card field; or number and expiry, with or without cvc; or cvc alone.',
  frame_silent:
    'The frame of the vault says nothing. Is the vault reachable, its certificate trusted, and ' +
    'does the Content-Security-Policy of this page allow it as frame-src?',
};

/** The problem for whoever builds the page; a code it does not know is shown as it came. */
export function refusal(code: string): FieldProblem {
  const message = Object.hasOwn(messages, code) ? messages[code] : undefined;
  return { code, message: `PayOS: ${message ?? `the fields cannot be used (${code}).`}` };
}
