import { cardErrors } from './errors/card-errors.ts';
import { credentialErrors } from './errors/credential-errors.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { forwardErrors } from './errors/forward-errors.ts';
import { keyErrors } from './errors/key-errors.ts';
import { peopleErrors } from './errors/people-errors.ts';
import { requestErrors } from './errors/request-errors.ts';
import { stateErrors } from './errors/state-errors.ts';

/**
 * Every error code of the API: HTTP status, what happened, what to do about it, and whether the
 * same request may succeed later. The docs page and the SDK's union are generated from this table.
 */
export const errorTable = {
  ...requestErrors,
  ...credentialErrors,
  ...stateErrors,
  ...cardErrors,
  ...forwardErrors,
  ...keyErrors,
  ...peopleErrors,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

/** One refused place in a request. `pointer` is an RFC 6901 JSON pointer. */
export type FieldError = { pointer: string; code: string; message: string; fix: string };

/** Body of every error answer: RFC 9457 with PayOS's members. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  request_id: string;
  retryable: boolean;
  fix: string;
  param?: string;
  decline_code?: string;
  payment?: string;
  forward?: string;
  /** Of `step_up_required`: what can be given. */
  methods?: string[];
  errors?: FieldError[];
};

export type ProblemExtras = {
  detail?: string | undefined;
  /** Where the one of the table would mislead. */
  fix?: string | undefined;
  param?: string | undefined;
  decline_code?: string | undefined;
  payment?: string | undefined;
  forward?: string | undefined;
  methods?: string[] | undefined;
  errors?: FieldError[] | undefined;
};

/** Builds the problem body of a code. `type` is a path on the instance's own docs. */
export function problem(code: ErrorCode, requestId: string, extras: ProblemExtras = {}): Problem {
  const { status, title, fix, retryable } = errorTable[code];
  const { detail = title, ...members } = extras;
  const defined = Object.entries(members).filter(([, value]) => value !== undefined);
  return {
    type: `/docs/errors#${code}`,
    title,
    status,
    code,
    detail,
    request_id: requestId,
    retryable,
    fix,
    ...Object.fromEntries(defined),
  };
}
