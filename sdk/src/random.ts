/** The only file of the SDK that draws random values. */

/** A value for the Idempotency-Key header: 122 random bits. */
export function newIdempotencyKey(): string {
  return globalThis.crypto.randomUUID();
}

/** A nonce of a signature: 122 random bits. */
export function newNonce(): string {
  return globalThis.crypto.randomUUID().replaceAll('-', '');
}

/** A number from 0 up to 1 for spreading retries. Nothing secret depends on it. */
export function fraction(): number {
  return Math.random();
}

/** An id for a test webhook. */
export function newMessageId(): string {
  return `msg_${globalThis.crypto.randomUUID().replaceAll('-', '')}`;
}
