import { now } from './clock.ts';
import type { TransportResponse } from './transport/transport.ts';

const firstDelayMs = 500;
const delayMsMax = 8_000;
/** A server that asks for more than this is asked again after this long all the same. */
export const retryAfterSecondsMax = 60;

/** Codes after which only another Idempotency-Key can lead to another outcome. */
export const codesThatNeedANewKey: ReadonlySet<string> = new Set([
  'processor_error',
  'forward_not_sent',
]);

/**
 * Whether the same Idempotency-Key will bring the same answer for ever: the failed payment is
 * recorded under it.
 */
export function isFinal(error: { code: string; payment: string | undefined }): boolean {
  return error.payment !== undefined || codesThatNeedANewKey.has(error.code);
}

/** What decides about sending the same request once more. */
export type Failure =
  | { kind: 'no_answer'; neverSent: boolean }
  | { kind: 'answer'; status: number; code: string; retryable: boolean; final: boolean };

/**
 * Whether the same request may be sent again.
 *
 * @param repeatable a read, or a write with an Idempotency-Key: doing it twice does it once.
 *   Other writes are repeated only when the first one cannot have been carried out.
 */
export function mayRetry(failure: Failure, repeatable: boolean): boolean {
  if (failure.kind === 'no_answer') return repeatable || failure.neverSent;
  const { status, code, final } = failure;
  if (final) return false;
  // A proxy says nothing about what happened behind it.
  const retryable = code === 'unexpected_response' ? repeatable : failure.retryable;
  switch (status) {
    case 408:
    case 429:
    case 503:
      return retryable;
    case 409:
      return retryable && code === 'idempotency_conflict';
    case 500:
    case 502:
    case 504:
      return retryable && repeatable;
    default:
      return false;
  }
}

/**
 * Milliseconds to wait before attempt `retry` + 1 (`retry` counts from 1): what the server asked
 * for, else exponential backoff with full jitter, so that clients that failed together do not come
 * back together.
 *
 * @param random from 0 up to 1
 */
export function retryDelayMs(retry: number, random: number, retryAfter?: number): number {
  if (retryAfter !== undefined) return Math.min(retryAfter, retryAfterSecondsMax) * 1000;
  return Math.floor(random * Math.min(delayMsMax, firstDelayMs * 2 ** (retry - 1)));
}

/** Seconds of a Retry-After header in either form of RFC 9110 §10.2.3. */
export function retryAfterSeconds(answer: TransportResponse): number | undefined {
  const value = answer.header('retry-after')?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const seconds = (Date.parse(value) - now().getTime()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.ceil(seconds));
}
