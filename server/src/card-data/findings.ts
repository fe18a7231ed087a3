import type { CardDataFound } from '../core/card-data.ts';
import { type Context, systemContext } from '../core/context.ts';
import type { Database } from '../core/db.ts';
import type { Log } from '../core/log.ts';
import { type FindingDependencies, noteFinding } from './note-finding.ts';

/** Causes that wait to be written down; what comes beyond that is in the log alone. */
const waitingMax = 1_000;

/**
 * Takes findings of the last net of this process and writes them down beside what they were found
 * in: nobody waits for it. What is found of the same cause meanwhile is added up.
 */
export class CardFindings {
  readonly #ctx: Context;
  readonly #deps: FindingDependencies;
  readonly #waiting = new Map<string, CardDataFound>();
  #working: Promise<void> | undefined;

  constructor({ db, log, ...deps }: FindingDependencies & { db: Database; log: Log }) {
    this.#ctx = systemContext({ db, log }, 'card_data');
    this.#deps = deps;
  }

  tell(found: CardDataFound): void {
    const { scope, stream, place, isIncident } = found;
    const cause = JSON.stringify([scope?.organization, scope?.mode, stream, place, isIncident]);
    const waiting = this.#waiting.get(cause);
    if (waiting === undefined && this.#waiting.size >= waitingMax) return;
    this.#waiting.set(cause, { ...found, count: found.count + (waiting?.count ?? 0) });
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /** Ends when what was told by now is written down. */
  async stop(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    // What is told in one turn is taken together.
    await undefined;
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      const [cause, found] = next;
      this.#waiting.delete(cause);
      await noteFinding(this.#ctx, this.#deps, found).catch((error: unknown) => {
        this.#ctx.log.error({ err: error }, 'a finding of card data could not be written down');
      });
    }
  }
}
