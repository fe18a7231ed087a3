import type { ErrorCode, ProblemExtras } from 'payos-contract';

/** A request that is answered with a problem of the contract's error table. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly extras: ProblemExtras;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, extras: ProblemExtras = {}, headers: Record<string, string> = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.extras = extras;
    this.headers = headers;
  }
}
