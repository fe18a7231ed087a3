import type { Log } from '../core/log.ts';

type Options = {
  /** Does a round of work. @returns whether there may be more at once */
  work: () => Promise<boolean>;
  /** Pause while there is work, and the longest while there is none, in milliseconds. */
  busyMs: number;
  idleMs: number;
  log: Log;
  name: string;
};

const failedPauseMs = 1_000;

/** Runs a piece of work again and again, one at a time, more seldom while there is none. */
export class Poller {
  readonly #options: Options;
  readonly #done: Promise<void>;
  #stopped = false;
  #nudged = false;
  #wake: (() => void) | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#done = this.#run();
  }

  /** Ends the current pause, or leaves out the next. */
  nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  /** Resolves when the round under way has ended; there is none after it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { work, busyMs, idleMs, log, name } = this.#options;
    let pauseMs = busyMs;
    while (!this.#stopped) {
      this.#nudged = false;
      try {
        pauseMs = (await work()) ? busyMs : Math.min(Math.max(pauseMs, 1) * 2, idleMs);
      } catch (error) {
        log.error({ err: error, work: name }, 'webhook work failed');
        pauseMs = failedPauseMs;
      }
      if (!this.#nudged) await this.#pause(pauseMs);
    }
  }

  #pause(milliseconds: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#wake = end;
    });
  }
}
