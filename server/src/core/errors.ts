import {
  type ErrorCode,
  errorTable,
  type Problem,
  type ProblemExtras,
  problem,
} from 'payos-contract';

/**
 * An error that the caller may see. Everything else that is thrown becomes `internal_error` with
 * nothing but a request id, and its cause goes to the log.
 */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly extras: ProblemExtras;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, extras: ProblemExtras = {}, headers: Record<string, string> = {}) {
    super(extras.detail ?? errorTable[code].title);
    this.name = 'ApiError';
    this.code = code;
    this.extras = extras;
    this.headers = headers;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  toProblem(requestId: string): Problem {
    return problem(this.code, requestId, this.extras);
  }
}

/** One refused field, as an `invalid_request`. */
export function fieldError(pointer: string, code: string, message: string, fix: string): ApiError {
  const param = pointer.slice(1).replaceAll('/', '.');
  return new ApiError('invalid_request', {
    detail: message,
    param,
    errors: [{ pointer, code, message, fix }],
  });
}
