import type { Answered } from '../answer.ts';
import { type Api, type CreateOptions, path, type RequestOptions } from '../api.ts';
import type {
  CheckoutSession,
  CheckoutSessionWithUrl,
  CreateCheckoutSession,
  ListCheckoutSessions,
} from '../generated/types.ts';
import type { List } from '../list.ts';

/** Pages of PayOS on which visitors pay, so that no card touches the merchant's own page. */
export class CheckoutSessions {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Makes a page on which a visitor can pay once: send their browser to `url`. */
  async create(
    params: CreateCheckoutSession,
    options?: CreateOptions,
  ): Promise<Answered<CheckoutSessionWithUrl>> {
    return this.#api.post('/v1/checkout_sessions', params, options);
  }

  async retrieve(id: string, options?: RequestOptions): Promise<Answered<CheckoutSession>> {
    return this.#api.get(path`/v1/checkout_sessions/${id}`, options);
  }

  list(
    params?: ListCheckoutSessions,
    options?: RequestOptions,
  ): List<CheckoutSession, ListCheckoutSessions> {
    return this.#api.list('/v1/checkout_sessions', params, options);
  }

  /** Ends a session that nobody has paid. */
  async expire(id: string, options?: CreateOptions): Promise<Answered<CheckoutSession>> {
    return this.#api.post(path`/v1/checkout_sessions/${id}/expire`, undefined, options);
  }
}
