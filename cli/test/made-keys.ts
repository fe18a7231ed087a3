import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type ApiKeyKind, base62FromBytes, formatApiKey, type Mode } from 'payos-contract';

/** A key that nobody has, made anew: one in the repository would be found by scanners. */
export function madeKey(kind: ApiKeyKind = 'secret', mode: Mode = 'live'): string {
  const text = base62FromBytes(randomBytes(128), 44);
  return formatApiKey(kind, mode, text.slice(0, 12), text.slice(12));
}

export function madeWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** As `payos keys generate-signing-key` makes it. */
export function madeSigningKey(): { pem: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return {
    pem: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    publicKey: Buffer.from(x, 'base64url').toString('base64'),
  };
}

/** The same with one character of the secret changed. */
export function misspelt(key: string): string {
  return `${key.slice(0, 40)}${key[40] === 'x' ? 'y' : 'x'}${key.slice(41)}`;
}
