import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { decodeKey } from '../core/seal.ts';

declare const plain: unique symbol;
declare const hashed: unique symbol;
/** An API key as its owner holds it. Exists only on its way in or out; never stored or logged. */
export type PlainKey = string & { readonly [plain]: true };
/** What the database holds of it. */
type HashedKey = Buffer & { readonly [hashed]: true };

/** Version of the pepper in use, stored with each hash so that the pepper can be rotated. */
export const pepperVersion = 1;

/** The server-held pepper as a key object: six times faster than raw bytes on Node 24. */
export function loadPepper(base64: string): KeyObject {
  return createSecretKey(decodeKey(base64, 'PAYOS_KEY_PEPPER'));
}

/**
 * HMAC-SHA-256 of the key. A fast keyed hash is right for random keys: there is nothing to guess
 * in 190 bits, and without the pepper a stolen table cannot even confirm a guess.
 */
export function hashKey(pepper: KeyObject, key: PlainKey): HashedKey {
  return createHmac('sha256', pepper).update(key).digest() as HashedKey;
}
