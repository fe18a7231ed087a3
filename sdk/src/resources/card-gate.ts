import type { Answered } from '../answer.ts';
import type { Api, RequestOptions } from '../api.ts';
import type { CardGate, CardGateAttestationList, RevealKeyList } from '../generated/types.ts';

/**
 * Whether card numbers may come from servers and be read again. People open and close it, in the
 * dashboard; a key with `card_gate:read` looks.
 */
export class CardGateResource {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** What passes now, what waits for a second person, and why it was closed last. */
  async retrieve(options?: RequestOptions): Promise<Answered<CardGate>> {
    return this.#api.get('/v1/card_gate', options);
  }

  /** The last hundred of what was asked for, and what became of it. */
  async listAttestations(options?: RequestOptions): Promise<Answered<CardGateAttestationList>> {
    return this.#api.get('/v1/card_gate/attestations', options);
  }

  /** Public keys that cards may be sealed to: their ids are what `reveals.create` takes. */
  async listRevealKeys(options?: RequestOptions): Promise<Answered<RevealKeyList>> {
    return this.#api.get('/v1/reveal_keys', options);
  }
}
