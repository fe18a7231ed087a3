import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';

export type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // Tests look into answers of every shape.
  // biome-ignore lint/suspicious/noExplicitAny: a test that misreads an answer fails
  body: any;
  text: string;
};

export type Call = {
  key?: string;
  body?: unknown;
  /** Sent as it is, instead of `body` as JSON. */
  raw?: string | Buffer;
  headers?: Record<string, string>;
};

/** A bare HTTPS client for tests: it adds nothing a test did not ask for but the CA. */
export class ApiClient {
  readonly origin: string;
  readonly #agent: Agent;

  constructor(origin: string, ca: string) {
    this.origin = origin;
    this.#agent = new Agent({ connect: { ca }, connections: 64 });
  }

  async call(method: string, path: string, options: Call = {}): Promise<Answer> {
    const { key, body, raw, headers = {} } = options;
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await request(this.origin + path, {
      method: method as 'GET',
      dispatcher: this.#agent,
      headers: {
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await answer.body.text();
    const json = String(answer.headers['content-type'] ?? '').includes('json');
    const parsed = json && text !== '' ? JSON.parse(text) : undefined;
    return { status: answer.statusCode, headers: answer.headers, body: parsed, text };
  }

  get(path: string, key?: string): Promise<Answer> {
    return this.call('GET', path, key === undefined ? {} : { key });
  }

  /** POST with a fresh Idempotency-Key. */
  post(path: string, key: string | undefined, body?: unknown): Promise<Answer> {
    const headers = { 'idempotency-key': randomUUID() };
    return this.call('POST', path, { ...(key === undefined ? {} : { key }), body, headers });
  }
}
