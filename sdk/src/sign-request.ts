import { Buffer } from 'node:buffer';
import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { now } from './clock.ts';
import { AuthenticationError } from './errors.ts';
import { newNonce } from './random.ts';
import type { TransportRequest } from './transport/transport.ts';

export type SigningKey = { id: string; privateKey: KeyObject };

/** A request before it is signed. */
export type Unsigned = Pick<TransportRequest, 'method' | 'url' | 'headers' | 'body'>;

/** Fields that change what a request does or how it is read: PayOS wants them signed. */
const signedFields = /^(content-type|content-digest|idempotency-key|payos-.+)$/;

/** @throws AuthenticationError that never shows the key */
export function readSigningKey(given: { id: string; privateKey: string | KeyObject }): SigningKey {
  if (!/^key_[1-9A-HJ-NP-Za-km-z]{22}$/.test(given.id)) {
    throw malformed('id is not the id of an API key.', 'Give the id under which it is registered.');
  }
  const privateKey = privateKeyOf(given.privateKey);
  if (privateKey?.type !== 'private' || privateKey.asymmetricKeyType !== 'ed25519') {
    const fix = 'Give the PEM that `payos keys generate-signing-key` wrote, not its file name.';
    throw malformed('privateKey is not an Ed25519 private key.', fix);
  }
  return { id: given.id, privateKey };
}

/**
 * Headers that sign a request (RFC 9421, Ed25519): method, URL, body and every header that matters.
 * New ones for every try, because a nonce is taken once.
 */
export function signatureHeaders(key: SigningKey, request: Unsigned): Record<string, string> {
  const { method, url, headers, body } = request;
  const digest = body === undefined ? {} : { 'content-digest': digestOf(body) };
  const fields = Object.entries({ ...headers, ...digest });
  const covered: [name: string, value: string][] = [
    ['@method', method],
    ['@target-uri', url.href],
    ...fields.filter(([name]) => signedFields.test(name)),
  ];
  const created = Math.floor(now().getTime() / 1000);
  const names = covered.map(([name]) => `"${name}"`).join(' ');
  const parameters = `created=${created};keyid="${key.id}";nonce="${newNonce()}";alg="ed25519"`;
  const input = `(${names});${parameters}`;
  const lines = covered.map(([name, value]) => `"${name}": ${value}\n`);
  const base = Buffer.from(`${lines.join('')}"@signature-params": ${input}`);
  const signature = sign(null, base, key.privateKey).toString('base64');
  return { ...digest, 'signature-input': `payos=${input}`, signature: `payos=:${signature}:` };
}

/** Content-Digest (RFC 9530). */
function digestOf(body: string): string {
  return `sha-256=:${createHash('sha256').update(body, 'utf8').digest('base64')}:`;
}

/** What Node says about a key it cannot read may show some of it. */
function privateKeyOf(given: string | KeyObject): KeyObject | undefined {
  if (typeof given !== 'string') return given;
  try {
    return createPrivateKey(given);
  } catch {
    return undefined;
  }
}

function malformed(what: string, fix: string): AuthenticationError {
  return new AuthenticationError({ code: 'invalid_api_key', title: `signingKey.${what}`, fix });
}
