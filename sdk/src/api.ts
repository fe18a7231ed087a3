import type { Answered } from './answer.ts';
import { type Config, refuseUnknownNames, timeoutMsMax, wholeNumber } from './config.ts';
import { IdempotencyError, InvalidRequestError, PermissionError } from './errors.ts';
import { List, type ListParams, type Page } from './list.ts';
import { newIdempotencyKey } from './random.ts';
import { type Call, type Surroundings, sendCall } from './request.ts';

/** Last parameter of every method that reads, changes or deletes. */
export type RequestOptions = {
  /** Instead of the client's, for this request. */
  timeoutMs?: number | undefined;
  apiVersion?: string | undefined;
  /** Stops the request and its retries; whether it arrived is then not known. */
  signal?: AbortSignal | undefined;
};

/** Last parameter of every method that creates or moves something. */
export type CreateOptions = RequestOptions & {
  /**
   * Your own key, 1 to 255 visible ASCII characters: the same one for the same intent, also after
   * a restart of your program. Default: a new one per call, the same over its retries.
   */
  idempotencyKey?: string | undefined;
};

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** How the resources reach the API. */
export type Api = {
  get<T extends object>(path: string, options?: RequestOptions): Promise<Answered<T>>;
  list<T, P extends ListParams & Query>(
    path: string,
    params?: P,
    options?: RequestOptions,
  ): List<T, P>;
  post<T extends object>(
    path: string,
    body?: object,
    options?: CreateOptions,
  ): Promise<Answered<T>>;
  /** Without an Idempotency-Key, and never repeated: for what counts each time. */
  postOnce<T extends object>(
    path: string,
    body: object,
    options?: RequestOptions,
  ): Promise<Answered<T>>;
  patch<T extends object>(
    path: string,
    body: object,
    options?: RequestOptions,
  ): Promise<Answered<T>>;
  delete<T extends object>(path: string, options?: RequestOptions): Promise<Answered<T>>;
};

const requestOptionNames = ['timeoutMs', 'apiVersion', 'signal'];
const createOptionNames = [...requestOptionNames, 'idempotencyKey'];

/** @param origin `api` wants a secret or signing key, `vault` a secret or publishable one */
export function createApi(config: Config, around: Surroundings, origin: 'api' | 'vault'): Api {
  const base = origin === 'api' ? config.baseUrl : config.vaultUrl;

  const send = async <T extends object>(
    call: Pick<Call, 'method' | 'body' | 'idempotencyKey'> & { path: string; query?: Query },
    options: RequestOptions,
    maxRetries = config.maxRetries,
  ) => {
    const { kind } = config.credential;
    if (origin === 'api' && kind === 'publishable') throw publishableKeyRefused();
    if (origin === 'vault' && kind === 'signing') throw signingKeyRefused();
    const { path, query, ...rest } = call;
    return sendCall<T>({ ...config, maxRetries }, around, {
      ...rest,
      url: urlOf(base, path, query ?? {}),
      timeoutMs: wholeNumber('timeoutMs', options.timeoutMs ?? config.timeoutMs, 1, timeoutMsMax),
      apiVersion: options.apiVersion ?? config.apiVersion,
      signal: options.signal,
    });
  };

  const plain =
    (method: 'GET' | 'DELETE') =>
    async <T extends object>(path: string, options: RequestOptions = {}) => {
      refuseUnknownNames('A request', options, requestOptionNames);
      return send<T>({ method, path }, options);
    };

  return {
    get: plain('GET'),
    delete: plain('DELETE'),
    list: <T, P extends ListParams & Query>(path: string, params?: P, options = {}) =>
      new List<T, P>(
        async (query) => {
          refuseUnknownNames('A request', options, requestOptionNames);
          return send<Page<T>>({ method: 'GET', path, query }, options);
        },
        { ...(params as P) },
      ),
    post: async (path, body = {}, options = {}) => {
      refuseUnknownNames('A request', options, createOptionNames);
      const idempotencyKey = checkedKey(options.idempotencyKey ?? newIdempotencyKey());
      return send({ method: 'POST', path, body, idempotencyKey }, options);
    },
    postOnce: async (path, body, options = {}) => {
      refuseUnknownNames('A request', options, requestOptionNames);
      return send({ method: 'POST', path, body }, options, 0);
    },
    patch: async (path, body, options = {}) => {
      refuseUnknownNames('A request', options, requestOptionNames);
      return send({ method: 'PATCH', path, body }, options);
    },
  };
}

/**
 * Puts an id into a path: `` path`/v1/payments/${id}` ``. An empty or strange id would otherwise
 * name another route.
 *
 * @throws InvalidRequestError
 */
export function path(texts: TemplateStringsArray, ...ids: readonly string[]): string {
  const wrong = ids.some((id) => typeof id !== 'string' || !/^[A-Za-z0-9_]{1,64}$/.test(id));
  if (!wrong) return String.raw({ raw: texts }, ...ids);
  throw new InvalidRequestError({
    code: 'configuration',
    title: 'This is not an id.',
    fix: 'Pass the `id` of an object, for example payment.id.',
  });
}

function urlOf(base: URL, path: string, query: Query): URL {
  const url = new URL(base.pathname.replace(/\/+$/, '') + path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function checkedKey(key: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new IdempotencyError({
    code: 'invalid_idempotency_key',
    title: 'The idempotencyKey is not one.',
    fix: 'Give 1 to 255 visible ASCII characters, for example a UUID.',
  });
}

function publishableKeyRefused(): PermissionError {
  return new PermissionError({
    code: 'publishable_key_refused',
    title: 'A publishable key can only create tokens.',
    fix: 'Use a secret key (payos_sk_…) on your server.',
  });
}

function signingKeyRefused(): PermissionError {
  return new PermissionError({
    code: 'configuration',
    title: 'The vault takes no signed requests.',
    fix: 'Create tokens with a publishable key (payos_pk_…), where the card is entered.',
  });
}
