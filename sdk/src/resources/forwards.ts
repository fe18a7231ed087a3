import type { Answered } from '../answer.ts';
import { type Api, type CreateOptions, path, type RequestOptions } from '../api.ts';
import type {
  CreateForward,
  ForwardRecord,
  ForwardSummary,
  ListForwards,
} from '../generated/types.ts';
import type { List } from '../list.ts';

/** Requests that the vault sends with a card to others, and what came of them. */
export class Forwards {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * Has the vault send a request with a card to an approved destination, at most once per
   * Idempotency-Key. Look at `status`: `unknown` may have arrived and is never sent again.
   */
  async create(params: CreateForward, options?: CreateOptions): Promise<Answered<ForwardRecord>> {
    return this.#api.post('/v1/forward', params, options);
  }

  async retrieve(id: string, options?: RequestOptions): Promise<Answered<ForwardRecord>> {
    return this.#api.get(path`/v1/forwards/${id}`, options);
  }

  list(params?: ListForwards, options?: RequestOptions): List<ForwardSummary, ListForwards> {
    return this.#api.list('/v1/forwards', params, options);
  }
}
