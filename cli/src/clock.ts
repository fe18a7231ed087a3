/** The only file of the command line that knows what time it is. */
export function currentYear(): number {
  return new Date().getUTCFullYear();
}

/** Unix milliseconds. */
export function nowMs(): number {
  return Date.now();
}
