import type { schemas } from 'payos-contract';

type End = 'by-hand' | 'by-itself';

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
  leaving = false;
}

/** How the last session of this tab ended: signed out, or idle, too old, ended from elsewhere. */
export const lastEnd = (): End | undefined => end;
