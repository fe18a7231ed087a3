/** What is known of the HTTP exchange behind a result. */
export type AnswerInfo = {
  status: number;
  /** `PayOS-Request-Id`: tell it to support. */
  requestId: string | undefined;
  /** The answer to an earlier request with the same Idempotency-Key; nothing was done again. */
  idempotencyReplayed: boolean;
  /** How often the request was sent, the last time included. */
  attempts: number;
};

/** A result; `lastResponse` is not enumerable, so that it is not stored or compared by accident. */
export type Answered<T> = T & { readonly lastResponse: AnswerInfo };

/** Puts `lastResponse` on the result itself, which is changed and returned. */
export function withAnswerInfo<T extends object>(result: T, info: AnswerInfo): Answered<T> {
  const value = Object.freeze(info);
  return Object.defineProperty(result, 'lastResponse', { value }) as Answered<T>;
}
