import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../core/db.ts';
import type { Log } from '../core/log.ts';
import { type Outcome, settle } from './settle.ts';

const collectMs = 10;
const batchMax = 200;
const retryPauseMs = 500;

type Options = {
  db: Database;
  log: Log;
  /** After a batch is on disk, with those of it that were still ours. */
  onSettled: (outcomes: Outcome[]) => void;
  /** For each outcome, once there is nothing more to be done about it. */
  onDone: (outcome: Outcome) => void;
};

/** Collects outcomes for a moment and writes them together; one batch at a time. */
export class Settler {
  readonly #options: Options;
  #waiting: Outcome[] = [];
  #running: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  add(outcome: Outcome): void {
    this.#waiting.push(outcome);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when everything added so far is written or given up. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await sleep(collectMs);
      const batch = this.#waiting.splice(0, batchMax);
      await this.#write(batch);
      for (const outcome of batch) this.#options.onDone(outcome);
    }
  }

  /**
   * A batch that the database refuses is tried once more piece by piece, so that one outcome that
   * cannot be written takes no others with it. What then stays unwritten is claimed again when its
   * lease ends.
   */
  async #write(batch: Outcome[]): Promise<void> {
    try {
      await this.#settle(batch);
    } catch (error) {
      const { log } = this.#options;
      log.error({ err: error, count: batch.length }, 'outcomes of deliveries were not written');
      await sleep(retryPauseMs);
      for (const outcome of batch) await this.#settle([bare(outcome)]).catch(() => undefined);
    }
  }

  async #settle(batch: Outcome[]): Promise<void> {
    const ours = await settle(this.#options.db, batch);
    this.#options.onSettled(batch.filter(({ claim }) => ours.has(claim.delivery)));
  }
}

/** The outcome without what came from outside. */
function bare(outcome: Outcome): Outcome {
  if (outcome.attempt === undefined) return outcome;
  return { ...outcome, attempt: { ...outcome.attempt, response: null } };
}
