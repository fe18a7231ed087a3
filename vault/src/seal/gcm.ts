import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { secureBytes } from '../core/random.ts';
import { SealBroken } from './key-provider.ts';

export const ivLength = 12;
export const tagLength = 16;

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV. Answers iv | ciphertext | tag. */
export function gcmSeal(key: KeyObject, aad: Buffer, plain: Uint8Array): Buffer {
  const iv = secureBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength });
  cipher.setAAD(aad);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Undoes {@link gcmSeal}; throws {@link SealBroken} when a bit of anything is different. */
export function gcmOpen(key: KeyObject, aad: Buffer, sealed: Uint8Array): Buffer {
  if (sealed.length < ivLength + tagLength) throw new SealBroken();
  const iv = sealed.subarray(0, ivLength);
  const body = sealed.subarray(ivLength, sealed.length - tagLength);
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
  const plain = decipher.update(body);
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    throw new SealBroken();
  } finally {
    plain.fill(0);
  }
}
