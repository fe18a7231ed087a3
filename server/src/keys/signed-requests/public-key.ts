import { createPublicKey, type KeyObject } from 'node:crypto';
import { fieldError } from '../../core/errors.ts';
import { isSoundPublicKey } from './edwards-point.ts';

/**
 * Reads the public key of a signing key, in any of the forms that tools write it in: SPKI in PEM
 * (RFC 8410), JWK (RFC 8037), or base64 of the 32 bytes.
 *
 * @returns the 32 bytes
 * @throws ApiError `invalid_request`, naming `/public_key`
 */
export function readPublicKey(given: string): Buffer {
  const text = given.trim();
  const bytes = text.startsWith('-----BEGIN')
    ? ofPem(text)
    : text.startsWith('{')
      ? ofJwk(text)
      : ofBase64(text);
  if (bytes !== undefined && isSoundPublicKey(bytes)) return bytes;
  const forms = 'PEM (BEGIN PUBLIC KEY), JWK (OKP, Ed25519) or base64 of 32 bytes';
  throw refused('wrong_format', `\`public_key\` must be an Ed25519 public key: ${forms}.`);
}

/** The key that signatures are checked with. @param raw 32 bytes, as stored */
export function publicKeyOf(raw: Buffer): KeyObject {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function ofPem(pem: string): Buffer | undefined {
  // Node would read a private key, too, and take its public half.
  if (pem.includes('PRIVATE KEY')) throw privateKeyRefused();
  if (!/^-----BEGIN PUBLIC KEY-----[\sA-Za-z0-9+/=]+-----END PUBLIC KEY-----$/.test(pem)) {
    return undefined;
  }
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') return undefined;
    return key.export({ format: 'der', type: 'spki' }).subarray(-32);
  } catch {
    return undefined;
  }
}

function ofJwk(text: string): Buffer | undefined {
  let jwk: unknown;
  try {
    jwk = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { kty, crv, x, d } = jwk as Record<string, unknown>;
  if (d !== undefined) throw privateKeyRefused();
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string') return undefined;
  const bytes = Buffer.from(x, 'base64url');
  return bytes.toString('base64url') === x ? bytes : undefined;
}

function ofBase64(text: string): Buffer | undefined {
  const encoding = /^[A-Za-z0-9+/]{43}=$/.test(text) ? 'base64' : 'base64url';
  const bytes = Buffer.from(text, encoding);
  return bytes.toString(encoding) === text ? bytes : undefined;
}

function privateKeyRefused() {
  const message = '`public_key` is a private key, which nobody but its holder may ever see.';
  return refused('private_key', message, 'Make a new key pair, and send its public key.');
}

function refused(code: string, message: string, fix = 'Send the public key.') {
  return fieldError('/public_key', code, message, fix);
}
