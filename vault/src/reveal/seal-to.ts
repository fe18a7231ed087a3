import {
  CompactEncrypt,
  type CompactJWEHeaderParameters,
  calculateJwkThumbprint,
  importJWK,
  type JWK,
} from 'jose';
import type { schemas } from 'payos-contract';
import type { Card } from '../cards/card.ts';

/** Whom a card is sealed to. */
export type Recipient = { id: string; public_key: schemas.RevealPublicKey };

/** The length of what is sealed tells nothing about number and name. */
const paddedTo = 512;

/** RFC 7638, SHA-256, base64url. */
export function thumbprintOf({ public_key }: Recipient): Promise<string> {
  return calculateJwkThumbprint(public_key as JWK);
}

/**
 * Seals a card so that only the holder of a private key reads it: compact JWE (RFC 7516) around
 * JSON with `number`, `exp_month`, `exp_year`, `name` and what names them. Never a security code:
 * there is none in a stored card.
 */
export async function sealTo(
  { id, public_key }: Recipient,
  card: Card,
  about: Readonly<Record<string, string>>,
): Promise<string> {
  const alg = public_key.kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW';
  const header: CompactJWEHeaderParameters = { alg, enc: 'A256GCM', kid: id, cty: 'json' };
  const text = card.useNumber((digits) =>
    JSON.stringify({
      ...about,
      number: digits.toString('latin1'),
      exp_month: card.expMonth,
      exp_year: card.expYear,
      name: card.name ?? null,
    }),
  );
  const length = Math.ceil(Buffer.byteLength(text) / paddedTo) * paddedTo;
  const plain = Buffer.alloc(length, ' ');
  plain.write(text);
  try {
    return await new CompactEncrypt(plain)
      .setProtectedHeader(header)
      .encrypt(await importJWK(public_key as JWK, alg));
  } finally {
    plain.fill(0);
  }
}
