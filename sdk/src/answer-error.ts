import {
  APIError,
  AuthenticationError,
  CardError,
  type ErrorFacts,
  IdempotencyError,
  InvalidRequestError,
  NotFoundError,
  type PayOSError,
  PermissionError,
  RateLimitError,
} from './errors.ts';
import type { FieldError } from './generated/types.ts';
import { retryAfterSeconds } from './retry.ts';
import type { TransportResponse } from './transport/transport.ts';

type ErrorClass = new (facts: ErrorFacts) => PayOSError;

const classOfCode: Readonly<Record<string, ErrorClass>> = {
  card_declined: CardError,
  card_expired: CardError,
  invalid_card: CardError,
  idempotency_conflict: IdempotencyError,
  idempotency_key_required: IdempotencyError,
  idempotency_mismatch: IdempotencyError,
  invalid_idempotency_key: IdempotencyError,
};

const classOfStatus: Readonly<Record<number, ErrorClass>> = {
  401: AuthenticationError,
  402: CardError,
  403: PermissionError,
  404: NotFoundError,
  429: RateLimitError,
};

/** The typed error of an answer whose status is not 2xx. */
export function errorOfAnswer(answer: TransportResponse): PayOSError {
  const facts = problemFacts(answer) ?? strangerFacts(answer);
  const known = Object.hasOwn(classOfCode, facts.code) ? classOfCode[facts.code] : undefined;
  const Class = known ?? classOfStatus[answer.status] ?? fallbackClass(answer.status);
  return new Class(facts);
}

/** An answer that does not have the form PayOS answers in. */
export function unexpectedAnswer(answer: TransportResponse, detail: string): APIError {
  return new APIError({ ...strangerFacts(answer), detail });
}

function fallbackClass(status: number): ErrorClass {
  return status >= 400 && status < 500 ? InvalidRequestError : APIError;
}

/** What an RFC 9457 body of PayOS says; `undefined` when the body is not one. */
function problemFacts(answer: TransportResponse): ErrorFacts | undefined {
  const body = jsonObject(answer.text);
  const code = text(body?.code);
  const title = text(body?.title);
  if (body === undefined || code === undefined || title === undefined) return undefined;
  return {
    code,
    title,
    detail: text(body.detail),
    fix: text(body.fix),
    status: answer.status,
    requestId: answer.header('payos-request-id') ?? text(body.request_id),
    retryable: body.retryable === true,
    param: text(body.param),
    decline_code: text(body.decline_code),
    payment: text(body.payment),
    errors: fieldErrors(body.errors),
    retryAfter: retryAfterSeconds(answer),
  };
}

/** A proxy, another server, or a redirect: the status is all there is. */
function strangerFacts(answer: TransportResponse): ErrorFacts {
  const redirect = answer.status >= 300 && answer.status < 400;
  return {
    code: 'unexpected_response',
    title: `The answer (status ${answer.status}) did not come from PayOS.`,
    detail: redirect ? 'It was a redirect, which is never followed.' : undefined,
    fix: 'Check baseUrl and vaultUrl, and what stands between this program and PayOS.',
    status: answer.status,
    requestId: answer.header('payos-request-id'),
    retryAfter: retryAfterSeconds(answer),
  };
}

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const members = new Map(Object.entries(entry));
    const member = (name: string) => text(members.get(name)) ?? '';
    const [pointer, code] = [member('pointer'), member('code')];
    return [{ pointer, code, message: member('message'), fix: member('fix') }];
  });
}

function jsonObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
