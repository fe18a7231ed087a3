import { Agent, request } from 'undici';
import type { Answer } from './api-client.ts';

type Headers = Record<string, string | string[]>;

export type BrowserOptions = {
  /** Where it connects from, e.g. 127.0.3.7: all of 127.0.0.0/8 is on loopback. */
  address?: string;
  userAgent?: string;
};

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/**
 * What the dashboard does in a browser, without the browser: keeps the cookie, names its origin,
 * and sends back the CSRF token that it was told.
 */
export class BrowserSession {
  readonly origin: string;
  cookie: string | undefined;
  csrf: string | undefined;
  readonly #userAgent: string;
  readonly #agent: Agent;

  private constructor(origin: string, userAgent: string, agent: Agent) {
    this.origin = origin;
    this.#userAgent = userAgent;
    this.#agent = agent;
  }

  static open(origin: string, ca: string, options: BrowserOptions = {}): BrowserSession {
    const { address, userAgent = firefox } = options;
    const from = address === undefined ? {} : { localAddress: address };
    return new BrowserSession(origin, userAgent, new Agent({ connect: { ca }, ...from }));
  }

  /** `headers` replace what would be sent; an empty one is left out. */
  async call(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    const all: Headers = {
      'user-agent': this.#userAgent,
      ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
      ...(method === 'GET' ? {} : { origin: this.origin }),
      ...(method === 'GET' || this.csrf === undefined ? {} : { 'payos-csrf': this.csrf }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    const answer = await request(this.origin + path, {
      method: method as 'GET',
      dispatcher: this.#agent,
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    const json = String(answer.headers['content-type'] ?? '').includes('json');
    const parsed = json && text !== '' ? JSON.parse(text) : undefined;
    this.#keep(answer.headers['set-cookie'], parsed);
    return { status: answer.statusCode, headers: answer.headers, body: parsed, text };
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post(path: string, body?: unknown, headers?: Headers): Promise<Answer> {
    return this.call('POST', path, body, headers);
  }

  /** Another tab with the same cookie, as it is now. */
  copy(): BrowserSession {
    const other = new BrowserSession(this.origin, this.#userAgent, this.#agent);
    other.cookie = this.cookie;
    other.csrf = this.csrf;
    return other;
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  #keep(cookies: string | string[] | undefined, body: unknown): void {
    for (const line of [cookies ?? []].flat()) {
      const pair = line.split(';')[0] ?? '';
      this.cookie = pair.endsWith('=') ? undefined : pair;
    }
    const answer = body as { csrf_token?: string | null; session?: { csrf_token?: string | null } };
    const token = answer?.session?.csrf_token ?? answer?.csrf_token;
    if (typeof token === 'string') this.csrf = token;
  }
}
