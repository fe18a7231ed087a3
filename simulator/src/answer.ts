/** What to tell the caller, and how. */
export type Answer = {
  status: number;
  body: object;
  /** Something was recorded for the first time, so there is an answer to lose. */
  recorded?: boolean;
  /** Break the connection in place of answering. */
  drop?: boolean;
  /** Answer only after this many milliseconds. */
  waitMs?: number;
  /** Methods for the `Allow` header of a 405. */
  allow?: string;
  /** The request was not read to its end: the connection cannot be used again. */
  close?: boolean;
};

/** An error answer; `pointer` (RFC 6901) names the place in the body. Never repeats a value. */
export function refuse(status: number, error: string, pointer?: string): Answer {
  return { status, body: pointer === undefined ? { error } : { error, pointer } };
}
