import type { Answered } from '../answer.ts';
import { type Api, type CreateOptions, path, type RequestOptions } from '../api.ts';
import type {
  CreateWebhookEndpoint,
  Deleted,
  Delivery,
  ListDeliveries,
  ListWebhookEndpoints,
  UpdateWebhookEndpoint,
  WebhookEndpoint,
  WebhookEndpointWithSecret,
} from '../generated/types.ts';
import type { List } from '../list.ts';

/** Where events are sent. Verify what arrives there with `webhooks.verify`. */
export class WebhookEndpoints {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** The answer holds the signing `secret`, which is never shown again. */
  async create(
    params: CreateWebhookEndpoint,
    options?: CreateOptions,
  ): Promise<Answered<WebhookEndpointWithSecret>> {
    return this.#api.post('/v1/webhook_endpoints', params, options);
  }

  async retrieve(id: string, options?: RequestOptions): Promise<Answered<WebhookEndpoint>> {
    return this.#api.get(path`/v1/webhook_endpoints/${id}`, options);
  }

  list(
    params?: ListWebhookEndpoints,
    options?: RequestOptions,
  ): List<WebhookEndpoint, ListWebhookEndpoints> {
    return this.#api.list('/v1/webhook_endpoints', params, options);
  }

  async update(
    id: string,
    params: UpdateWebhookEndpoint,
    options?: RequestOptions,
  ): Promise<Answered<WebhookEndpoint>> {
    return this.#api.patch(path`/v1/webhook_endpoints/${id}`, params, options);
  }

  async delete(id: string, options?: RequestOptions): Promise<Answered<Deleted>> {
    return this.#api.delete(path`/v1/webhook_endpoints/${id}`, options);
  }

  /** What was sent there, every attempt with its outcome. */
  listDeliveries(
    id: string,
    params?: ListDeliveries,
    options?: RequestOptions,
  ): List<Delivery, ListDeliveries> {
    return this.#api.list(path`/v1/webhook_endpoints/${id}/deliveries`, params, options);
  }
}
