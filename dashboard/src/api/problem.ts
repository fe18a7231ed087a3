import type { FieldError, Problem } from 'payos-contract';

/** An answer of the API that says no. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** Something that went wrong here rather than at PayOS, in words for the person. */
export class Trouble extends Error {
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

/** There was no answer, or none of PayOS. Whether the request was carried out is not known. */
export class NoAnswer extends Trouble {
  constructor(message: string) {
    super(message, 'Check your connection and that PayOS is running, then try again.');
  }
}

export type ErrorCode = Problem['code'];

/** Whether `error` is an answer with one of these codes. */
export function isProblem(error: unknown, ...codes: ErrorCode[]): error is ApiProblem {
  if (!(error instanceof ApiProblem)) return false;
  return codes.length === 0 || codes.includes(error.problem.code);
}

/** What is wrong with the field called `name` of the body that was sent. */
export function fieldErrorOf(error: unknown, name: string): FieldError | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const pointer = `/${name}`;
  const all = error.problem.errors ?? [];
  return all.find((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`));
}
