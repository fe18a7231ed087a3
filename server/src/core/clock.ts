/** The only place where the server reads the time. */
export const clock = {
  /** Milliseconds since 1970, UTC. */
  nowMs: (): number => Date.now(),
  /** Milliseconds on a clock that only moves forward; for measuring, not for telling the time. */
  monotonicMs: (): number => performance.now(),
};
