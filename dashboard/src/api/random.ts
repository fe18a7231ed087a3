/** A new Idempotency-Key: one per thing a person wants done, kept when it is sent again. */
export const newIdempotencyKey = (): string => crypto.randomUUID();
