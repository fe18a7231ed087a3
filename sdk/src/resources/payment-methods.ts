import type { Answered } from '../answer.ts';
import { type Api, path, type RequestOptions } from '../api.ts';
import type {
  Deleted,
  ListPaymentMethods,
  PaymentMethod,
  UpdatePaymentMethod,
} from '../generated/types.ts';
import type { List } from '../list.ts';

/** Saved cards. They come into being with `save_for` of a payment. */
export class PaymentMethods {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async retrieve(id: string, options?: RequestOptions): Promise<Answered<PaymentMethod>> {
    return this.#api.get(path`/v1/payment_methods/${id}`, options);
  }

  list(
    params?: ListPaymentMethods,
    options?: RequestOptions,
  ): List<PaymentMethod, ListPaymentMethods> {
    return this.#api.list('/v1/payment_methods', params, options);
  }

  /** Changes expiry or name; the number stays. */
  async update(
    id: string,
    params: UpdatePaymentMethod,
    options?: RequestOptions,
  ): Promise<Answered<PaymentMethod>> {
    return this.#api.patch(path`/v1/payment_methods/${id}`, params, options);
  }

  /** Forgets the card; the vault destroys it. */
  async delete(id: string, options?: RequestOptions): Promise<Answered<Deleted>> {
    return this.#api.delete(path`/v1/payment_methods/${id}`, options);
  }
}
