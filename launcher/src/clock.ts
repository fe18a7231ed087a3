/** The only reader of the clock in the launcher. */
export function now(): Date {
  return new Date();
}

/** Milliseconds since this process started; never runs backwards. */
export function uptime(): number {
  return performance.now();
}
