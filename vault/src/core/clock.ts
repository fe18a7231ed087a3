/** Milliseconds since 1970, UTC. The only place in the vault that reads the wall clock. */
export function nowMs(): number {
  return Date.now();
}

/** Milliseconds on a clock that never jumps; for measuring and for rate limits. */
export function monotonicMs(): number {
  return performance.now();
}
