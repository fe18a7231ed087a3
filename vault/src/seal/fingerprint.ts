import type { Card } from '../cards/card.ts';
import { lengthPrefixed } from '../core/bytes.ts';
import { hmacSha256 } from './hash.ts';
import type { Kek } from './kek-store.ts';
import type { Owner } from './key-provider.ts';

/**
 * Equal for equal numbers of one organization and mode, and useless without the key, which never
 * leaves the vault (PCI DSS 3.5.1.1: a keyed hash of the entire number). 16 bytes.
 */
export function fingerprintOf(kek: Kek, owner: Owner, card: Card): Buffer {
  return card.useNumber((digits) => {
    const input = lengthPrefixed([owner.organization, owner.mode, digits]);
    const mac = hmacSha256(kek.key, input);
    input.fill(0);
    return mac.subarray(0, 16);
  });
}

/**
 * Recognizes the same request under the same Idempotency-Key. Covers everything that was sent but
 * the security code, of which nothing derived may be stored. 32 bytes.
 */
export function requestMacOf(kek: Kek, owner: Owner, card: Card): Buffer {
  const plain = card.toBytes();
  const input = lengthPrefixed(['payos/create-token/v1', owner.organization, owner.mode, plain]);
  const mac = hmacSha256(kek.key, input);
  plain.fill(0);
  input.fill(0);
  return mac;
}
