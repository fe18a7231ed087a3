import { CompactEncrypt, calculateJwkThumbprint, importJWK } from 'jose';
import type { schemas } from 'payos-contract';
import { fieldError } from '../core/errors.ts';

/** Bits of an RSA modulus: 128 bits of security (NIST SP 800-57 part 1, table 2). */
const rsaBitsMin = 3_072;

const fix = 'Send a public key as JWK: RSA of 3072 bits and more, or P-256.';
const refused = (code: string, message: string) => fieldError('/public_key', code, message, fix);

type CheckedPublicKey = { publicKey: schemas.RevealPublicKey; thumbprint: string };

/**
 * Reads a public key that cards are to be sealed to, and tries it out.
 *
 * @returns the key, and its thumbprint (RFC 7638)
 * @throws ApiError `invalid_request`
 */
export async function checkPublicKey(given: schemas.RevealPublicKey): Promise<CheckedPublicKey> {
  const { kty } = given;
  const members = Object.keys(given).sort().join();
  if (members !== (kty === 'RSA' ? 'e,kty,n' : 'crv,kty,x,y')) {
    throw refused('wrong_format', `This is not a public key of kind ${kty}, and nothing more.`);
  }
  if (kty === 'RSA') requireStrong(given);
  const alg = kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW';
  try {
    const jwk = given as Parameters<typeof importJWK>[0];
    await new CompactEncrypt(Buffer.from(''))
      .setProtectedHeader({ alg, enc: 'A256GCM' })
      .encrypt(await importJWK(jwk, alg));
    return { publicKey: given, thumbprint: await calculateJwkThumbprint(jwk) };
  } catch {
    throw refused('wrong_format', 'Nothing can be sealed to this public key.');
  }
}

function requireStrong({ n = '', e }: schemas.RevealPublicKey): void {
  const bits = BigInt(`0x0${Buffer.from(n, 'base64url').toString('hex')}`).toString(2).length;
  if (bits < rsaBitsMin) throw refused('too_weak', `An RSA key needs ${rsaBitsMin} bits.`);
  if (e !== 'AQAB') throw refused('too_weak', 'The exponent of an RSA key must be 65537.');
}
