import type { Answered } from '../answer.ts';
import { type Api, type CreateOptions, path, type RequestOptions } from '../api.ts';
import type { CreateRefund, ListRefunds, Refund } from '../generated/types.ts';
import type { List } from '../list.ts';

/** Money sent back. Amounts are in the minor unit of the payment's currency. */
export class Refunds {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Sends money of a captured payment back; without `amount`, all that is left. */
  async create(params: CreateRefund, options?: CreateOptions): Promise<Answered<Refund>> {
    return this.#api.post('/v1/refunds', params, options);
  }

  async retrieve(id: string, options?: RequestOptions): Promise<Answered<Refund>> {
    return this.#api.get(path`/v1/refunds/${id}`, options);
  }

  list(params?: ListRefunds, options?: RequestOptions): List<Refund, ListRefunds> {
    return this.#api.list('/v1/refunds', params, options);
  }
}
