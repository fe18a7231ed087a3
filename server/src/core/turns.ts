import { ApiError } from './errors.ts';

/**
 * Lets a bounded number of pieces of costly work run at once. The others wait in a line of bounded
 * length: memory and patience are finite, and who comes when it is full is told so at once.
 */
export class Turns {
  readonly #atOnce: number;
  readonly #lineMax: number;
  readonly #line: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, lineMax: number) {
    this.#atOnce = atOnce;
    this.#lineMax = lineMax;
  }

  /** @throws ApiError `unavailable` when the line is full */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) await this.#wait();
    else this.#running += 1;
    try {
      return await work();
    } finally {
      // The turn passes on to the next in line, who counts as running already.
      const next = this.#line.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #wait(): Promise<void> {
    if (this.#line.length >= this.#lineMax) {
      const detail = 'Too many people are signing in at this moment.';
      throw new ApiError('unavailable', { detail }, { 'retry-after': '2' });
    }
    return new Promise((resolve) => this.#line.push(resolve));
  }
}
