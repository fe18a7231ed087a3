/** Unix milliseconds. */
export const nowMs = () => Date.now();
