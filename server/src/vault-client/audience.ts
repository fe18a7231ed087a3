import { schemas } from 'payos-contract';
import { Compile } from 'typebox/compile';
import { ApiError } from '../core/errors.ts';
import type { Answer } from './exchange.ts';

const check = Compile(schemas.VaultAudience);

/**
 * The name of the vault process that answers, asked for once and again when it has another: a
 * process names itself anew at each start, so that nothing signed for one is good for the next.
 */
export class Audience {
  readonly #ask: () => Promise<Answer>;
  #asked: Promise<string> | undefined;

  constructor(ask: () => Promise<Answer>) {
    this.#ask = ask;
  }

  /** @throws VaultSilent, or ApiError `vault_unavailable` when it cannot serve */
  current(): Promise<string> {
    this.#asked ??= this.#read();
    return this.#asked;
  }

  /** A request for this one was refused. Whether there may be another by now. */
  async hasChanged(from: string): Promise<boolean> {
    if ((await this.current()) === from) this.#asked = undefined;
    return (await this.current()) !== from;
  }

  async #read(): Promise<string> {
    try {
      const { status, text } = await this.#ask();
      if (status === 503) throw new ApiError('vault_unavailable');
      const said: unknown = status === 200 ? JSON.parse(text) : undefined;
      if (!check.Check(said)) throw new Error(`the vault does not say who it is: ${status}`);
      return said.audience;
    } catch (error) {
      this.#asked = undefined;
      throw error;
    }
  }
}
