import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { secretBytes } from './random.ts';

const format = 1;
const ivLength = 12;
const tagLength = 16;

/**
 * Seals what the server must be able to read again: webhook secrets and stored answers that hold
 * a secret. AES-256-GCM; `purpose` and `owner` are bound as additional data, so that a ciphertext
 * moved to another row or organization does not open.
 */
export class Sealer {
  readonly #key: KeyObject;

  /** @param keyBase64 32 bytes in base64 */
  constructor(keyBase64: string) {
    this.#key = createSecretKey(decodeKey(keyBase64, 'PAYOS_SEALING_KEY'));
  }

  seal(plain: Buffer, purpose: string, owner: string): Buffer {
    const iv = secretBytes(ivLength);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    cipher.setAAD(boundData(purpose, owner));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.from([format]), iv, sealed, cipher.getAuthTag()]);
  }

  /** @throws Error when the bytes were changed, moved, or sealed under another key */
  open(sealed: Buffer, purpose: string, owner: string): Buffer {
    if (sealed.length < 1 + ivLength + tagLength || sealed[0] !== format) {
      throw new Error('not a sealed value');
    }
    const iv = sealed.subarray(1, 1 + ivLength);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, iv, { authTagLength: tagLength });
    decipher.setAAD(boundData(purpose, owner));
    decipher.setAuthTag(sealed.subarray(-tagLength));
    const body = sealed.subarray(1 + ivLength, -tagLength);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  }
}

/** Length-prefixed, so that two different pairs never give the same bytes. */
function boundData(purpose: string, owner: string): Buffer {
  const parts = [purpose, owner].map((part) => {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  });
  return Buffer.concat(parts);
}

/** Decodes a 32-byte key and says plainly what is wrong with another. */
export function decodeKey(base64: string, setting: string): Buffer {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== 32) throw new Error(`${setting} must be 32 bytes in base64`);
  return key;
}
