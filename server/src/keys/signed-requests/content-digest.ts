import { createHash, timingSafeEqual } from 'node:crypto';
import { invalidSignature } from './refuse-signature.ts';

/** Digests of a body, by algorithm of Node (RFC 9530). */
export type ContentDigest = readonly { algorithm: 'sha256' | 'sha512'; digest: Buffer }[];

const algorithms = { 'sha-256': 'sha256', 'sha-512': 'sha512' } as const;
const form = /^(sha-256|sha-512)=:([A-Za-z0-9+/]+={0,2}):$/;
const lengths = { sha256: 32, sha512: 64 } as const;

/**
 * Reads a Content-Digest field: SHA-256, SHA-512 or both. The weak ones of RFC 9530 §5 say nothing
 * against somebody who alters the body.
 *
 * @throws ApiError `invalid_signature`
 */
export function parseContentDigest(field: string): ContentDigest {
  const digests = field.split(', ', 3).map((entry) => {
    const [, name, base64 = ''] = form.exec(entry) ?? [];
    if (name !== 'sha-256' && name !== 'sha-512') throw malformed();
    const algorithm = algorithms[name];
    const digest = Buffer.from(base64, 'base64');
    if (digest.length !== lengths[algorithm] || digest.toString('base64') !== base64) {
      throw malformed();
    }
    return { algorithm, digest };
  });
  if (new Set(digests.map(({ algorithm }) => algorithm)).size !== digests.length) throw malformed();
  return digests;
}

/** Whether these are the bytes that the digests were made of. All of them must fit. */
export function digestMatches(digests: ContentDigest, bytes: Buffer): boolean {
  return digests.every(({ algorithm, digest }) =>
    timingSafeEqual(createHash(algorithm).update(bytes).digest(), digest),
  );
}

function malformed() {
  return invalidSignature(
    'Content-Digest must be sha-256=:base64: or sha-512=:base64: (RFC 9530).',
  );
}
