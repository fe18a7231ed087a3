import { type Answered, withAnswerInfo } from './answer.ts';
import { errorOfAnswer, unexpectedAnswer } from './answer-error.ts';
import type { Config } from './config.ts';
import { connectionError, neverSent } from './connection-error.ts';
import { DeadlineExceeded, withDeadline } from './deadline.ts';
import { APIError, type PayOSError, RateLimitError, TimeoutError } from './errors.ts';
import { isFinal, mayRetry, retryAfterSeconds, retryDelayMs } from './retry.ts';
import type { TransportRequest, TransportResponse } from './transport/transport.ts';
import { sdkVersion } from './version.ts';

/** What the requests need from outside; tests put their own clock here. */
export type Surroundings = {
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  fraction: () => number;
};

export type Call = {
  method: TransportRequest['method'];
  url: URL;
  /** Sent as JSON. */
  body?: object | undefined;
  idempotencyKey?: string | undefined;
  timeoutMs: number;
  apiVersion: string;
  signal?: AbortSignal | undefined;
};

type Attempt =
  | { done: true; answer: TransportResponse }
  | { done: false; error: PayOSError; again: boolean; waitSeconds?: number | undefined };

/**
 * Sends a request, again where {@link mayRetry} allows, and parses its answer. All attempts carry
 * the same Idempotency-Key; a signature is made anew for each.
 *
 * @throws PayOSError of the last attempt; the signal's reason when the caller aborted
 */
export async function sendCall<T extends object>(
  config: Pick<Config, 'credential' | 'maxRetries' | 'transport'>,
  around: Surroundings,
  call: Call,
): Promise<Answered<T>> {
  for (let retry = 1; ; retry += 1) {
    const attempt = await attemptOnce(config, call);
    if (attempt.done) return parseAnswer<T>(attempt.answer, retry);
    if (!attempt.again || retry > config.maxRetries) {
      attempt.error.idempotencyKey = call.idempotencyKey;
      throw attempt.error;
    }
    await around.sleep(retryDelayMs(retry, around.fraction(), attempt.waitSeconds), call.signal);
  }
}

async function attemptOnce(
  config: Pick<Config, 'credential' | 'transport'>,
  call: Call,
): Promise<Attempt> {
  const { method, url, timeoutMs } = call;
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const unsigned = { method, url, headers: headersOf(call), body };
  const credential = config.credential.headersFor(unsigned);
  const headers = { ...unsigned.headers, ...credential };
  const repeatable = method === 'GET' || call.idempotencyKey !== undefined;
  let answer: TransportResponse;
  try {
    answer = await withDeadline(timeoutMs, call.signal, (signal) =>
      config.transport({ method, url, headers, body, signal }),
    );
  } catch (error) {
    call.signal?.throwIfAborted();
    return withoutAnswer(error, call, repeatable);
  }
  if (answer.status >= 200 && answer.status < 300) return { done: true, answer };
  const error = errorOfAnswer(answer);
  const { code, retryable } = error;
  const final = isFinal(error) || isReplayed(answer);
  const failure = { kind: 'answer', status: answer.status, code, retryable, final } as const;
  const again = mayRetry(failure, repeatable);
  return { done: false, error, again, waitSeconds: waitSeconds(error, answer) };
}

function isReplayed(answer: TransportResponse): boolean {
  return answer.header('idempotency-replayed') === 'true';
}

function waitSeconds(error: PayOSError, answer: TransportResponse): number | undefined {
  return error instanceof RateLimitError ? error.retryAfter : retryAfterSeconds(answer);
}

function withoutAnswer(cause: unknown, { url, timeoutMs }: Call, repeatable: boolean): Attempt {
  if (cause instanceof DeadlineExceeded) {
    const error = new TimeoutError({
      code: 'timeout',
      title: `${url.host} did not answer within ${timeoutMs} ms.`,
      fix: "The request may have arrived. Repeat it with this error's idempotencyKey.",
      retryable: true,
    });
    return { done: false, error, again: repeatable };
  }
  if (cause instanceof RangeError) {
    const title = `The answer of ${url.host} is too large.`;
    const error = new APIError({ code: 'unexpected_response', title, cause });
    return { done: false, error, again: false };
  }
  const error = connectionError(cause, url);
  const failure = { kind: 'no_answer', neverSent: neverSent(cause) } as const;
  const again = error.code !== 'certificate_refused' && mayRetry(failure, repeatable);
  return { done: false, error, again };
}

function headersOf(call: Call): Record<string, string> {
  return {
    accept: 'application/json, application/problem+json',
    'payos-version': call.apiVersion,
    'user-agent': `payos-sdk/${sdkVersion}`,
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
  };
}

function parseAnswer<T extends object>(answer: TransportResponse, attempts: number): Answered<T> {
  let value: unknown;
  try {
    value = JSON.parse(answer.text);
  } catch {
    throw unexpectedAnswer(answer, 'Its body is not JSON.');
  }
  if (typeof value !== 'object' || value === null) {
    throw unexpectedAnswer(answer, 'Its body is not a JSON object.');
  }
  return withAnswerInfo(value as T, {
    status: answer.status,
    requestId: answer.header('payos-request-id'),
    idempotencyReplayed: isReplayed(answer),
    attempts,
  });
}
