import { createHash, hkdfSync } from 'node:crypto';
import {
  base62FromBytes,
  checkoutSecretLength,
  formatCheckoutSecret,
  type Mode,
} from 'payos-contract';
import { secretBytes } from '../core/random.ts';

/** Bytes that give enough base62 characters, whatever they are. */
const bytesDrawn = 2 * checkoutSecretLength;

/** What opens a session. Only its hash is stored. */
export function newSecret(mode: Mode, session: string): string {
  const random = base62FromBytes(secretBytes(bytesDrawn), checkoutSecretLength);
  return formatCheckoutSecret('visit', mode, session, random);
}

/** What collects cards for the session: follows from its secret, and leads back to nothing. */
export function collectingSecret(visiting: string, mode: Mode, session: string): string {
  const bytes = hkdfSync('sha256', visiting, '', 'payos checkout collect', bytesDrawn);
  const derived = base62FromBytes(new Uint8Array(bytes), checkoutSecretLength);
  return formatCheckoutSecret('collect', mode, session, derived);
}

/** SHA-256: a secret has 256 bits of its own, so nothing slower is needed. */
export function hashSecret(plain: string): Buffer {
  return createHash('sha256').update(plain).digest();
}
