import type { Answered } from '../answer.ts';
import { type Api, type CreateOptions, path, type RequestOptions } from '../api.ts';
import type {
  CancelPayment,
  CapturePayment,
  CreatePayment,
  ListPayments,
  Payment,
  PaymentWithAttempts,
} from '../generated/types.ts';
import type { List } from '../list.ts';

/** Charges of cards, from authorization to capture. Amounts are in the currency's minor unit. */
export class Payments {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Collects money. @throws CardError when the card is declined */
  async create(params: CreatePayment, options?: CreateOptions): Promise<Answered<Payment>> {
    return this.#api.post('/v1/payments', params, options);
  }

  async retrieve(id: string, options?: RequestOptions): Promise<Answered<PaymentWithAttempts>> {
    return this.#api.get(path`/v1/payments/${id}`, options);
  }

  list(params?: ListPayments, options?: RequestOptions): List<Payment, ListPayments> {
    return this.#api.list('/v1/payments', params, options);
  }

  /** Takes what was authorized; less than all of it with `amount`. */
  async capture(
    id: string,
    params?: CapturePayment,
    options?: CreateOptions,
  ): Promise<Answered<Payment>> {
    return this.#api.post(path`/v1/payments/${id}/capture`, params, options);
  }

  /** Gives an authorized payment up before it is captured. */
  async cancel(
    id: string,
    params?: CancelPayment,
    options?: CreateOptions,
  ): Promise<Answered<Payment>> {
    return this.#api.post(path`/v1/payments/${id}/cancel`, params, options);
  }
}
