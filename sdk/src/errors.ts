import type { ErrorCode, FieldError } from './generated/types.ts';

/** Codes the SDK itself gives to what never was an answer of the API. */
export type LocalErrorCode =
  | 'configuration'
  | 'connection_failed'
  | 'certificate_refused'
  | 'timeout'
  | 'unexpected_response';

/** Every code known today. Newer servers may send others, so keep a `default` branch. */
export type KnownErrorCode = ErrorCode | LocalErrorCode;

export type ErrorFacts = {
  code: KnownErrorCode | (string & Record<never, never>);
  title: string;
  detail?: string | undefined;
  fix?: string | undefined;
  status?: number | undefined;
  requestId?: string | undefined;
  retryable?: boolean | undefined;
  param?: string | undefined;
  decline_code?: string | undefined;
  payment?: string | undefined;
  errors?: readonly FieldError[] | undefined;
  /** Seconds. */
  retryAfter?: number | undefined;
  cause?: unknown;
};

const fieldErrorsShownMax = 5;

/**
 * Base of everything the SDK throws. `message` says what happened, what to do and which request it
 * was. Members that come from the answer's body keep their names there.
 */
export class PayOSError extends Error {
  override readonly name: string = 'PayOSError';
  /** Stable; decide on this, not on the message. */
  readonly code: ErrorFacts['code'];
  readonly title: string;
  readonly detail: string | undefined;
  /** What to do about it. */
  readonly fix: string | undefined;
  /** HTTP status; `undefined` when there was no answer. */
  readonly status: number | undefined;
  /** Tell it to support: it finds the request in the logs. */
  readonly requestId: string | undefined;
  /** What the request was sent with: repeating it with this key does nothing twice. */
  idempotencyKey: string | undefined;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly param: string | undefined;
  /** Why the issuer refused the card. */
  readonly decline_code: string | undefined;
  /** Id of the payment this is about. */
  readonly payment: string | undefined;
  /** Refused places of the request. */
  readonly errors: readonly FieldError[];

  constructor(facts: ErrorFacts) {
    super(messageOf(facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.title = facts.title;
    this.detail = facts.detail;
    this.fix = facts.fix;
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.retryable = facts.retryable ?? false;
    this.param = facts.param;
    this.decline_code = facts.decline_code;
    this.payment = facts.payment;
    this.errors = facts.errors ?? [];
  }
}

/** The key is missing, wrong or revoked (401). */
export class AuthenticationError extends PayOSError {
  override readonly name = 'AuthenticationError';
}

/** The key may not do that (403). */
export class PermissionError extends PayOSError {
  override readonly name = 'PermissionError';
}

/** The request or the client's configuration is wrong, or the object's state forbids it (4xx). */
export class InvalidRequestError extends PayOSError {
  override readonly name = 'InvalidRequestError';
}

/** The card was declined (402) or cannot be used: see `decline_code` and `payment`. */
export class CardError extends PayOSError {
  override readonly name = 'CardError';
}

/** The Idempotency-Key is missing, malformed, in use, or belongs to another request. */
export class IdempotencyError extends PayOSError {
  override readonly name = 'IdempotencyError';
}

/** Nothing there in this organization and mode (404). */
export class NotFoundError extends PayOSError {
  override readonly name = 'NotFoundError';
}

/** Too many requests (429). */
export class RateLimitError extends PayOSError {
  override readonly name = 'RateLimitError';
  /** Seconds to wait; `undefined` when the answer did not say. */
  readonly retryAfter: number | undefined;

  constructor(facts: ErrorFacts) {
    super(facts);
    this.retryAfter = facts.retryAfter;
  }
}

/** PayOS or the processor failed (5xx), or the answer was not PayOS's. */
export class APIError extends PayOSError {
  override readonly name = 'APIError';
}

/** No answer: the outcome of a write is not known unless the code says it never left. */
export class ConnectionError extends PayOSError {
  override readonly name: string = 'ConnectionError';
}

/** No answer within `timeoutMs`. */
export class TimeoutError extends ConnectionError {
  override readonly name = 'TimeoutError';
}

function messageOf(facts: ErrorFacts): string {
  const parts = [facts.title];
  const said = [facts.title, ...(facts.errors ?? []).map(({ message }) => message)];
  if (facts.detail !== undefined && !said.includes(facts.detail)) parts.push(facts.detail);
  const reason = facts.decline_code;
  if (reason !== undefined && facts.detail?.includes(reason) !== true) {
    parts.push(`Decline code: ${reason}.`);
  }
  for (const { pointer, message } of (facts.errors ?? []).slice(0, fieldErrorsShownMax)) {
    parts.push(`${pointer === '' ? 'body' : pointer}: ${message}`);
  }
  if (facts.fix !== undefined) parts.push(facts.fix);
  const request = facts.requestId === undefined ? '' : `, request_id ${facts.requestId}`;
  return `${parts.join(' ')} [${facts.code}${request}]`;
}
