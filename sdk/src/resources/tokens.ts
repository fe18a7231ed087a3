import type { Answered } from '../answer.ts';
import { type Api, type CreateOptions, path, type RequestOptions } from '../api.ts';
import type {
  CreateCvcToken,
  CreateToken,
  CvcToken,
  Deleted,
  Token,
  TokenDetails,
} from '../generated/types.ts';

/** Cards become tokens on the vault's origin; the number never comes back. */
export class Tokens {
  readonly #vault: Api;
  readonly #api: Api;

  constructor(vault: Api, api: Api) {
    this.#vault = vault;
    this.#api = api;
  }

  /** What may be shown of a token. */
  async retrieve(id: string, options?: RequestOptions): Promise<Answered<TokenDetails>> {
    return this.#api.get(path`/v1/tokens/${id}`, options);
  }

  /** Destroys a token that was not used. */
  async delete(id: string, options?: RequestOptions): Promise<Answered<Deleted>> {
    return this.#api.delete(path`/v1/tokens/${id}`, options);
  }

  /**
   * Turns card details into a token. On a server this puts the server into PCI DSS scope: with
   * real cards let the customer's browser do it.
   */
  async create(params: CreateToken, options?: CreateOptions): Promise<Answered<Token>> {
    return this.#vault.post('/v1/tokens', params, options);
  }

  /** Keeps the security code of a saved card for one payment: its `cvc_token`. */
  async recollectCode(
    params: Omit<CreateCvcToken, 'type'>,
    options?: RequestOptions,
  ): Promise<Answered<CvcToken>> {
    return this.#vault.post('/v1/tokens', { ...params, type: 'cvc' }, options);
  }
}
