import type { Answered } from '../answer.ts';
import { type Api, path, type RequestOptions } from '../api.ts';
import type { PayOSEvent } from '../events.ts';
import type { ListEvents } from '../generated/types.ts';
import type { List } from '../list.ts';

/** What happened, also for those whose webhook endpoint missed it. */
export class Events {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async retrieve(id: string, options?: RequestOptions): Promise<Answered<PayOSEvent>> {
    return this.#api.get(path`/v1/events/${id}`, options);
  }

  /** Newest first. */
  list(params?: ListEvents, options?: RequestOptions): List<PayOSEvent, ListEvents> {
    return this.#api.list('/v1/events', params, options);
  }
}
