import { CompactEncrypt, importJWK } from 'jose';
import type { schemas } from 'payos-contract';
import { fieldError } from '../core/errors.ts';

/** Encrypts a new key so that only whoever holds the private key reads it. Answers compact JWE. */
export type Recipient = (key: string) => Promise<string>;

const fix = 'Send a public key as JWK: RSA of 2048 bits and more, P-256 or X25519.';
const refused = (code: string, message: string) => fieldError('/encrypt_to', code, message, fix);

/** What each kind of key is made of, and how it is used (RFC 7518 §4.3, §4.6; RFC 8037 §3.2). */
const kinds = {
  RSA: { members: ['n', 'e'], crv: undefined, algs: ['RSA-OAEP-256'] },
  EC: { members: ['x', 'y'], crv: 'P-256', algs: ['ECDH-ES', 'ECDH-ES+A256KW'] },
  OKP: { members: ['x'], crv: 'X25519', algs: ['ECDH-ES', 'ECDH-ES+A256KW'] },
} as const;
const rsaBitsMin = 2048;

/**
 * Reads the public key that a new secret is to be encrypted to, and tries it out, so that a key
 * that does not work is refused before anything is made.
 *
 * @throws ApiError `invalid_request`, naming `/encrypt_to`
 */
export async function recipientOf(
  given: schemas.EncryptTo | undefined,
): Promise<Recipient | undefined> {
  if (given === undefined) return undefined;
  const { kty, crv, use: _use, kid, alg: asked, ...members } = given;
  const kind = kinds[kty];
  const names = Object.keys(members).sort();
  if (crv !== kind.crv || names.join() !== [...kind.members].sort().join()) {
    throw refused('wrong_format', `This is not a public key of kind ${kty}.`);
  }
  const alg = asked ?? kind.algs[0];
  if (!(kind.algs as readonly string[]).includes(alg)) {
    throw refused('wrong_format', `${alg} is not for keys of kind ${kty}.`);
  }
  if (kty === 'RSA') requireStrong(members);
  const header = { alg, enc: 'A256GCM', ...(kid !== undefined && { kid }) };
  const recipient: Recipient = async (key) => {
    const jwk = { kty, ...(crv && { crv }), ...members };
    return new CompactEncrypt(Buffer.from(key))
      .setProtectedHeader(header)
      .encrypt(await importJWK(jwk, alg));
  };
  await recipient('').catch(() => {
    throw refused('wrong_format', 'Nothing can be encrypted to this public key.');
  });
  return recipient;
}

/** A small modulus is factored, and a small exponent is a mistake somewhere. */
function requireStrong({ n = '', e }: Pick<schemas.EncryptTo, 'n' | 'e'>): void {
  const bits = BigInt(`0x0${Buffer.from(n, 'base64url').toString('hex')}`).toString(2).length;
  if (bits < rsaBitsMin) {
    throw refused('too_weak', `An RSA key needs ${rsaBitsMin} bits.`);
  }
  if (e !== 'AQAB') throw refused('too_weak', 'The exponent of an RSA key must be 65537.');
}
