import { now } from '../clock.ts';
import type { PayOSEvent } from '../events.ts';
import { WebhookVerificationError } from './error.ts';
import { readHeader, type WebhookHeaders } from './headers.ts';
import { readSecrets } from './secret.ts';
import { anyMatches, bodyBytes, hmac, type RawBody, readSignatures } from './signature.ts';
import { checkTimestamp, type Instant, toSeconds } from './time.ts';

export type VerifyOptions = {
  /** How far the sender's clock may be from ours, both ways; default 300, 1 to 86 400. */
  toleranceSeconds?: number;
  /** Default: the clock. For tests. */
  now?: Instant;
};

/**
 * Verifies a webhook (Standard Webhooks) and returns its event. Deliveries come at least once:
 * remember `event.id` and skip what you have seen.
 *
 * @param body the raw body, exactly as it arrived
 * @param headers all headers of the request
 * @param secret `whsec_…`; several while one is being rolled
 * @throws WebhookVerificationError with a `reason`; answer 400 then
 */
export function verify(
  body: RawBody,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  options: VerifyOptions = {},
): PayOSEvent {
  const keys = readSecrets(secret);
  const bytes = bodyBytes(body);
  const id = readHeader(headers, 'webhook-id');
  const timestamp = readHeader(headers, 'webhook-timestamp');
  const signatures = readSignatures(readHeader(headers, 'webhook-signature'));
  checkId(id);
  const seconds = toSeconds('now', options.now ?? now());
  checkTimestamp(timestamp, seconds, options.toleranceSeconds ?? 300);
  const expected = keys.map((key) => hmac(key, id, timestamp, bytes));
  if (!anyMatches(expected, signatures)) throw mismatch(signatures.length);
  return parseEvent(bytes);
}

/** The dot separates what is signed: with one in the id, `a.1` + `2` and `a` + `1.2` are equal. */
export function checkId(id: string): void {
  if (/^[\x21-\x2d\x2f-\x7e]{1,256}$/.test(id)) return;
  throw new WebhookVerificationError(
    'invalid_id',
    'The webhook id contains a dot, a space or something unprintable.',
    'Pass the header webhook-id as it arrived.',
  );
}

function parseEvent(bytes: Uint8Array): PayOSEvent {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as PayOSEvent;
    }
  } catch {
    // Both failures mean the same to the caller: signed, but not an event.
  }
  throw new WebhookVerificationError(
    'body_not_json',
    'The signature is right, but the body is not a JSON object.',
    'Check that the secret belongs to a PayOS endpoint and not to another sender.',
  );
}

function mismatch(signatures: number): WebhookVerificationError {
  return new WebhookVerificationError(
    'signature_mismatch',
    signatures === 0
      ? 'The header webhook-signature has no v1 signature.'
      : 'No signature is right for this body and secret.',
    'Usual causes: the body was parsed and written again (pass the raw bytes), the secret is ' +
      'that of another endpoint or mode, or a proxy changed the body. Otherwise it is forged.',
  );
}
