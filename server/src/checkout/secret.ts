import { createHash } from 'node:crypto';
import {
  base62FromBytes,
  checkoutSecretLength,
  formatCheckoutSecret,
  type Mode,
} from 'payos-contract';
import { secretBytes } from '../core/random.ts';

/** What opens a session. Only its hash is stored. */
export function newSecret(mode: Mode, session: string): { plain: string; hash: Buffer } {
  const random = base62FromBytes(secretBytes(2 * checkoutSecretLength), checkoutSecretLength);
  const plain = formatCheckoutSecret(mode, session, random);
  return { plain, hash: hashSecret(plain) };
}

/** SHA-256: a secret has 256 bits of its own, so nothing slower is needed. */
export function hashSecret(plain: string): Buffer {
  return createHash('sha256').update(plain).digest();
}
