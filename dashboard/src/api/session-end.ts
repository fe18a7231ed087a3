import type { schemas } from 'payos-contract';

let ended = false;
let leaving = false;

/** Whoever signs out by hand need not be told so. */
export function leave(): void {
  leaving = true;
}

/** Compares what was known of the session with what the server says now. */
export function noteEnd(before: schemas.Session | undefined, after: schemas.Session): void {
  if (after.state !== 'none') ended = false;
  else if (before?.state === 'active') ended = !leaving;
  leaving = false;
}

/** Whether the last session ended by itself: idle, too old, or ended from elsewhere. */
export const sessionHasEnded = (): boolean => ended;
