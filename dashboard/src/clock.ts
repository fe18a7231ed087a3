/** The only reader of the time. Milliseconds since 1970. */
export const now = (): number => Date.now();
