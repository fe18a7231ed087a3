/**
 * A reason not to go on that a person can act on: its message says what is wrong and what to do.
 * It is shown as it is, without a stack trace.
 */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** The `code` of a Node or PostgreSQL error (`ENOENT`, `57P03`, …), or an empty text. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}

/** What an error says, for a line on screen. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
