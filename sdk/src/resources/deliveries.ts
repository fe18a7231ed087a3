import type { Answered } from '../answer.ts';
import { type Api, type CreateOptions, path } from '../api.ts';
import type { Delivery } from '../generated/types.ts';

/** Events on their way to webhook endpoints; listed by `webhookEndpoints.listDeliveries`. */
export class Deliveries {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Sends an event to its endpoint once more. */
  async resend(id: string, options?: CreateOptions): Promise<Answered<Delivery>> {
    return this.#api.post(path`/v1/deliveries/${id}/resend`, {}, options);
  }
}
