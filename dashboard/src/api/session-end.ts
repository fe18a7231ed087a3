import type { schemas } from 'payos-contract';

export type End = 'by-hand' | 'by-itself' | 'while-waiting';

let end: End | undefined;
let leaving = false;

/** Somebody signs out by hand. */
export function leave(): void {
  leaving = true;
}

/** Compares what was known of the session with what the server says now. */
export function noteEnd(before: schemas.Session | undefined, after: schemas.Session): void {
  if (after.state !== 'none') end = undefined;
  else if (before?.state === 'active') end = leaving ? 'by-hand' : 'by-itself';
  else if (before?.factor_reset === 'pending' && !leaving) end = 'while-waiting';
  leaving = false;
}

/**
 * How the last session of this tab ended: signed out; idle, too old, ended from elsewhere; or as
 * somebody waited for leave to enrol new factors.
 */
export const lastEnd = (): End | undefined => end;
