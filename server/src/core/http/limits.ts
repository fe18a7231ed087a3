/** Largest request body, in bytes. */
export const bodyMax = 64 * 1024;

/** Longest time for a request's headers to arrive, in milliseconds. */
export const headersTimeoutMs = 10_000;

/** Longest time for a whole request to arrive, in milliseconds. */
export const requestTimeoutMs = 15_000;
