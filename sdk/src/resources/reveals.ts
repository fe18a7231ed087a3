import type { Answered } from '../answer.ts';
import type { Api, RequestOptions } from '../api.ts';
import type { CreateReveal, ListReveals, Reveal, SealedCard } from '../generated/types.ts';
import type { List } from '../list.ts';

/** Stored cards that are read again, while the card gate is open. */
export class Reveals {
  readonly #vault: Api;
  readonly #api: Api;

  constructor(vault: Api, api: Api) {
    this.#vault = vault;
    this.#api = api;
  }

  /**
   * Has the vault seal a saved card to a registered reveal key: `jwe` is for whoever has its
   * private half. Every try is counted, and too many close the gate, so that nothing is ever sent
   * twice: not after a lost connection, and not after `reveal_limit_exceeded`.
   */
  async create(params: CreateReveal, options?: RequestOptions): Promise<Answered<SealedCard>> {
    return this.#vault.postOnce('/v1/reveals', params, options);
  }

  /** Which cards were read, by which key, from where and why. Newest first. */
  list(params?: ListReveals, options?: RequestOptions): List<Reveal, ListReveals> {
    return this.#api.list('/v1/reveals', params, options);
  }
}
