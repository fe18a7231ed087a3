import { randomBytes } from 'node:crypto';
import { encodeBase58, idPrefixes } from 'payos-contract';

/** `length` bytes from the operating system's generator. */
export function secureBytes(length: number): Buffer {
  return randomBytes(length);
}

/**
 * A new token: 128 random bits. Never time-ordered, because whoever holds a token can charge the
 * card, so that nothing about it may be guessable.
 */
export function newTokenId(): string {
  return `${idPrefixes.token}_${encodeBase58(randomBytes(16))}`;
}

/** A new id of a security code, for the same reason as hard to guess. */
export function newCvcTokenId(): string {
  return `${idPrefixes.cvcToken}_${encodeBase58(randomBytes(16))}`;
}

/** A new id of a reveal. */
export function newRevealId(): string {
  return `${idPrefixes.reveal}_${encodeBase58(randomBytes(16))}`;
}

/** A new request id. */
export function newRequestId(): string {
  return `${idPrefixes.request}_${encodeBase58(randomBytes(16))}`;
}

/** A name for this process until it ends, by which the server knows it. */
export function newNodeName(): string {
  return `vault-${randomBytes(8).toString('hex')}`;
}
