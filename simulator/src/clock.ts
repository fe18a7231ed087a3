/** Milliseconds since 1970: the one place where the simulator reads the clock. */
export function now(): number {
  return Date.now();
}

/** Milliseconds since 1970 as RFC 3339 in UTC. */
export function rfc3339(time: number): string {
  return new Date(time).toISOString();
}
