import type { Dispatcher, Pool } from 'undici';

const answerMax = 256 * 1024;

/** The vault said nothing. `sent` tells whether it may have heard the question. */
export class VaultSilent extends Error {
  readonly sent: boolean;
  constructor(sent: boolean, cause: unknown) {
    super('the vault did not answer', { cause });
    this.sent = sent;
  }
}

type Question = {
  method: 'GET' | 'POST';
  path: string;
  headers: Readonly<Record<string, string>>;
  /** JSON. */
  body: string | null;
  requestId: string | undefined;
  /**
   * From the call on, not from when a connection is free: a question must not leave after this side
   * has given up on it.
   */
  timeoutMs: number;
};

export type Answer = { status: number; text: string };

/** Asks the vault once. @throws VaultSilent */
export function exchange(pool: Pool, question: Question): Promise<Answer> {
  const { method, path, body, requestId } = question;
  return new Promise((resolve, reject) => {
    const headers = {
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...question.headers,
      ...(requestId === undefined ? {} : { 'payos-request-id': requestId }),
    };
    pool.dispatch(
      { method, path, headers, body },
      new Exchange(question.timeoutMs, resolve, reject),
    );
  });
}

/** Below undici's `request`: that makes a stream and an abort signal for each answer. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: VaultSilent) => void;
  readonly #deadline: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #status = 0;
  #over = false;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(
    timeoutMs: number,
    resolve: (answer: Answer) => void,
    reject: (error: VaultSilent) => void,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#deadline = setTimeout(() => this.#giveUp('timeout'), timeoutMs);
  }

  /** A connection is free, and nothing was written to it yet. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    // What is thrown here keeps the request from being written.
    if (this.#over) throw new Error('given up');
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > answerMax) this.#giveUp('too much');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end();
    this.#resolve({ status: this.#status, text: Buffer.concat(this.#chunks).toString() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #giveUp(why: string): void {
    const error = new Error(`the vault's answer: ${why}`);
    this.#fail(error);
    this.#controller?.abort(error);
  }

  #fail(error: Error): void {
    this.#end();
    this.#reject(new VaultSilent(this.#controller !== undefined, error));
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#deadline);
  }
}
