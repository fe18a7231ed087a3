import { Buffer } from 'node:buffer';
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { WebhookVerificationError } from './error.ts';

/** A body as it went over the wire. */
export type RawBody = string | Uint8Array | ArrayBuffer;

const signaturesMax = 10;
/** 32 bytes in base64, padded. */
const signatureShape = /^v1,[A-Za-z0-9+/]{43}=$/;

/** The raw bytes of a body. @throws WebhookVerificationError for a parsed one */
export function bodyBytes(body: RawBody): Buffer {
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new WebhookVerificationError(
    'body_not_raw',
    'The body was parsed before it was verified.',
    'Pass the raw body, a string or bytes: express.raw(), request.text(), addContentTypeParser.',
  );
}

/** HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks, version v1). */
export function hmac(key: KeyObject, id: string, timestamp: string, body: Buffer): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}

/**
 * The `v1` signatures of a header, decoded. Other versions and malformed entries are skipped.
 *
 * @throws WebhookVerificationError for more than ten entries, which only cost time
 */
export function readSignatures(header: string): Buffer[] {
  const entries = header.split(' ', signaturesMax + 1);
  if (entries.length > signaturesMax) {
    throw new WebhookVerificationError(
      'too_many_signatures',
      `The header webhook-signature has more than ${signaturesMax} entries.`,
      'Refuse the request: PayOS sends one per active secret.',
    );
  }
  return entries
    .filter((entry) => signatureShape.test(entry))
    .map((entry) => Buffer.from(entry.slice(3), 'base64'));
}

/** Whether any signature is right under any key. Takes the same time wherever they differ. */
export function anyMatches(expected: readonly Buffer[], given: readonly Buffer[]): boolean {
  let found = false;
  for (const right of expected) {
    for (const candidate of given) {
      if (candidate.byteLength === right.byteLength && timingSafeEqual(candidate, right)) {
        found = true;
      }
    }
  }
  return found;
}
