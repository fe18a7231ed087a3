import { type KeyObject, verify } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { idPattern } from 'payos-contract';
import { type ContentDigest, digestMatches, parseContentDigest } from './content-digest.ts';
import { invalidSignature } from './refuse-signature.ts';
import { componentsOf, type RequestParts, signatureBase } from './signature-base.ts';
import { parseSignature, parseSignatureInput, type SignatureInput } from './signature-fields.ts';

/** How far `created` may be from now, either way, in seconds. */
export const signatureWindowSeconds = 60;

/** A request with a signature that has the right form. Whose it is is not known yet. */
export type SignedRequest = {
  keyId: string;
  nonce: string;
  /** Unix seconds. */
  created: number;
  base: Buffer;
  signature: Buffer;
  contentDigest: ContentDigest | undefined;
};

const always = ['@method', '@target-uri'];
/** Fields that change what a request does or how it is read. */
const whenPresent = /^(content-type|content-digest|idempotency-key|payos-.+)$/;
const keyIdShape = new RegExp(idPattern('apiKey'));
/** Visible ASCII without quotes and backslashes. */
const nonceShape = /^[\x21\x23-\x5b\x5d-\x7e]{16,64}$/;
const signatureBytes = 64;

/**
 * Reads the signature of a request (RFC 9421) and checks everything that can be checked without
 * knowing the key: nothing said here tells a stranger anything.
 *
 * @param authority the one that this installation is reached at, e.g. `pay.shop.example:8443`
 * @param nowMs Unix milliseconds
 * @throws ApiError `invalid_signature`
 */
export function readSignedRequest(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headersDistinct'>,
  { authority, nowMs }: { authority: string; nowMs: number },
): SignedRequest {
  const fields = request.headersDistinct;
  const input = parseSignatureInput(onlyLine(fields, 'signature-input', 'Signature-Input'));
  const signature = parseSignature(onlyLine(fields, 'signature', 'Signature'), input.label);
  if (signature.length !== signatureBytes) {
    throw invalidSignature('An Ed25519 signature has 64 bytes.');
  }
  requireCoverage(input, Object.keys(fields));
  const parameters = requireParameters(input);
  requireTime(input, nowMs);
  const parts: RequestParts = {
    method: request.method ?? '',
    target: originForm(request.url ?? ''),
    authority: requireAuthority(onlyLine(fields, 'host', 'Host'), authority),
    fields,
  };
  const digest = fields['content-digest'];
  return {
    ...parameters,
    signature,
    base: Buffer.from(signatureBase(input, componentsOf(parts)), 'latin1'),
    contentDigest:
      digest && parseContentDigest(onlyLine(fields, 'content-digest', 'Content-Digest')),
  };
}

/** Whether the holder of this key signed the request (Ed25519, RFC 8032; 64-byte signatures). */
export function isSignedBy(signed: SignedRequest, publicKey: KeyObject): boolean {
  return verify(null, signed.base, publicKey, signed.signature);
}

/**
 * Compares the body with what was signed.
 *
 * @param bytes as they arrived; empty when there was no body
 * @throws ApiError `invalid_signature`
 */
export function requireSignedBody({ contentDigest }: SignedRequest, bytes: Buffer): void {
  if (contentDigest === undefined) {
    if (bytes.length === 0) return;
    throw invalidSignature('There is a body, and the signature covers no "content-digest".');
  }
  if (!digestMatches(contentDigest, bytes)) {
    throw invalidSignature('The body is not the one that Content-Digest was made of.');
  }
}

function requireCoverage({ components }: SignatureInput, present: readonly string[]): void {
  const wanted = [...always, ...present.filter((name) => whenPresent.test(name))];
  const covered = new Set(components.map(({ name }) => name));
  const missing = wanted.filter((name) => !covered.has(name));
  if (missing.length === 0) return;
  throw invalidSignature(`The signature must cover "${missing.join('", "').slice(0, 200)}", too.`);
}

function requireParameters({ alg, keyid, nonce, created }: SignatureInput) {
  if (alg !== undefined && alg !== 'ed25519') {
    throw invalidSignature('`alg` must be "ed25519", or be left out.');
  }
  if (keyid === undefined || !keyIdShape.test(keyid)) {
    throw invalidSignature('`keyid` must be the id of the API key: key_….');
  }
  if (nonce === undefined || !nonceShape.test(nonce)) {
    throw invalidSignature('`nonce` must be 16 to 64 visible ASCII characters, new every time.');
  }
  if (created === undefined) throw invalidSignature('`created` is missing: Unix seconds.');
  return { keyId: keyid, nonce, created };
}

function requireTime({ created = 0, expires }: SignatureInput, nowMs: number): void {
  const now = Math.floor(nowMs / 1000);
  if (Math.abs(nowMs / 1000 - created) > signatureWindowSeconds) {
    const limit = `at most ${signatureWindowSeconds} seconds from now`;
    throw invalidSignature(`\`created\` is ${created}, and must be ${limit}: it is ${now}.`);
  }
  if (expires !== undefined && expires * 1000 <= nowMs) {
    throw invalidSignature(`The signature expired at ${expires}: it is ${now}.`);
  }
}

/** A signature for another installation must not work here, even with the same key. */
function requireAuthority(host: string, authority: string): string {
  const addressed = host.toLowerCase().replace(/:443$/, '');
  if (addressed === authority) return authority;
  throw invalidSignature(`The request is for another host: this one is https://${authority}.`);
}

function originForm(url: string): string {
  if (url.startsWith('/')) return url;
  throw invalidSignature('The request line must have a path, not a whole URL.');
}

function onlyLine(fields: RequestParts['fields'], name: string, title: string): string {
  const [value, ...more] = fields[name] ?? [];
  if (value !== undefined && more.length === 0) return value;
  throw invalidSignature(`The request must have one ${title} header.`);
}
