import { createHmac, hkdfSync, type KeyObject } from 'node:crypto';

/** HMAC-SHA-256 (RFC 2104, FIPS 198-1). 32 bytes. */
export function hmacSha256(key: KeyObject, message: Uint8Array | string): Buffer {
  return createHmac('sha256', key).update(message).digest();
}

/**
 * HKDF-SHA-256 (RFC 5869) without a salt: what goes in is a key already, and `info` says what for.
 *
 * @param length bytes wanted
 */
export function hkdfSha256(key: KeyObject, info: Uint8Array, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', info, length));
}
