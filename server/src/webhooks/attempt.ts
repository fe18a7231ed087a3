import type { KeyObject } from 'node:crypto';
import { removeCardNumbers } from 'payos-contract';
import type { OnCardData } from '../core/card-data.ts';
import { findCardNumber } from '../core/card-guard.ts';
import { clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { jitter } from '../core/random.ts';
import { type EgressAnswer, type EgressClient, EgressError } from '../egress/index.ts';
import type { Claim } from './claim.ts';
import { eventBody } from './event.ts';
import { retryDelayMs } from './retry-schedule.ts';
import type { Outcome } from './settle.ts';
import { signDelivery } from './sign.ts';

const responseMax = 2_048;
const gone = 410;

type Options = {
  egress: Pick<EgressClient, 'post'>;
  /** The endpoint's signing key. */
  keyOf: (endpoint: string, sealed: Buffer) => KeyObject;
  /** What the waits of the retry schedule are multiplied by. */
  retryScale: number;
  log: Log;
  onCardData: OnCardData;
};

type Result = Pick<EgressAnswer, 'status' | 'retryAfter' | 'body'> | { error: string };

/**
 * Makes one attempt. Whatever goes wrong is an outcome, never an exception: a delivery that cannot
 * even be prepared runs through its schedule like any other, and stands in nobody's way.
 */
export async function attemptDelivery(claim: Claim, options: Options): Promise<Outcome> {
  const startedMs = clock.nowMs();
  const began = clock.monotonicMs();
  const result = await post(claim, options, startedMs);
  const durationMs = Math.round(clock.monotonicMs() - began);
  const attempt = {
    startedAt: new Date(startedMs).toISOString(),
    durationMs,
    status: 'error' in result ? null : result.status,
    error: 'error' in result ? result.error : null,
    response: 'error' in result ? null : toText(result.body),
  };
  const { status } = attempt;
  if (status !== null && status >= 200 && status < 300) {
    return { claim, result: 'succeeded', attempt, retryInMs: undefined };
  }
  const retryInMs =
    status === gone
      ? undefined
      : retryDelayMs({
          attempts: claim.attempts + 1,
          retryAfter: 'error' in result ? undefined : result.retryAfter,
          scale: options.retryScale,
          random: jitter(),
          nowMs: clock.nowMs(),
        });
  return { claim, result: retryInMs === undefined ? 'failed' : 'retry', attempt, retryInMs };
}

/** Whether the receiver said that it wants nothing any more. */
export function isGone({ attempt }: Outcome): boolean {
  return attempt?.status === gone;
}

async function post(claim: Claim, options: Options, nowMs: number): Promise<Result> {
  try {
    const { event, target } = claim;
    if (event === null || target === null) return { error: 'internal_error' };
    const key = options.keyOf(claim.endpoint, target.sealed);
    const body = withoutCards(claim, eventBody({ ...event, mode: claim.mode }), options);
    const timestamp = Math.floor(nowMs / 1000);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'PayOS-Webhooks/1',
      'webhook-id': event.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signDelivery(key, event.id, timestamp, body),
    };
    return await options.egress.post(target.url, headers, body);
  } catch (error) {
    if (error instanceof EgressError) return { error: error.failure };
    options.log.error({ err: error, delivery: claim.delivery }, 'a delivery was not prepared');
    return { error: 'internal_error' };
  }
}

/** Events whose data went past the guard of what is sent in, field by field. */
const guarded = /^(payment|refund|customer|payment_method|checkout_session|card)\./;

/** What is most likely a card number leaves in no webhook, and somebody hears of it. */
function withoutCards(
  { organization, mode, event, delivery }: Claim,
  body: string,
  { log, onCardData }: Options,
): string {
  const { text, found } = removeCardNumbers(body, '0');
  if (found === 0 || event === null) return text;
  log.error({ stream: 'webhook', count: found, delivery }, 'card data was found and removed');
  onCardData({
    stream: 'webhook',
    place: event.type,
    count: found,
    requestId: event.request_id ?? undefined,
    scope: { organization, mode },
    isIncident: guarded.test(event.type) && findCardNumber(JSON.parse(body)) !== undefined,
  });
  return text;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The beginning of an answer as text that PostgreSQL takes, and without card numbers. */
function toText(body: Buffer): string {
  const text = decoder.decode(body.subarray(0, responseMax)).replaceAll('\0', '\ufffd');
  const { read } = encoder.encodeInto(text, new Uint8Array(responseMax));
  const start = text.slice(0, read);
  return findCardNumber(start) === undefined
    ? start
    : '(withheld: it holds what looks like a card number)';
}
