import { ApiError } from './errors.ts';

/** A place in line, for one piece of work. Leaving twice, or after the work, does nothing. */
export type Place = { run: <T>(work: () => Promise<T>) => Promise<T>; leave: () => void };

/**
 * Lets a bounded number of pieces of costly work run at once. The others wait in a line of bounded
 * length: memory and patience are finite, and who comes when it is full is told so at once.
 */
export class Turns {
  readonly #atOnce: number;
  readonly #lineMax: number;
  readonly #line: (() => void)[] = [];
  #running = 0;
  /** Running, waiting, or with a place taken for later. */
  #inside = 0;

  constructor(atOnce: number, lineMax: number) {
    this.#atOnce = atOnce;
    this.#lineMax = lineMax;
  }

  /** @throws ApiError `unavailable` when the line is full */
  async run<T>(work: () => Promise<T>): Promise<T> {
    return this.reserve().run(work);
  }

  /**
   * Takes a place in line before the work is ready, for who must know beforehand that it will be
   * done. Whoever takes one runs it or leaves it.
   *
   * @throws ApiError `unavailable` when the line is full
   */
  reserve(): Place {
    if (this.#inside >= this.#atOnce + this.#lineMax) {
      const detail = 'Too many people are signing in at this moment.';
      throw new ApiError('unavailable', { detail }, { 'retry-after': '2' });
    }
    this.#inside += 1;
    let taken = true;
    const leave = () => {
      if (taken) this.#inside -= 1;
      taken = false;
    };
    return { run: (work) => this.#work(work).finally(leave), leave };
  }

  async #work<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnce) this.#running += 1;
    else await new Promise<void>((resolve) => this.#line.push(resolve));
    try {
      return await work();
    } finally {
      // The turn passes on to the next in line, who counts as running already.
      const next = this.#line.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
