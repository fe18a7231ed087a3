type Waiting<I, O> = {
  item: I;
  resolve: (answer: O) => void;
  reject: (error: unknown) => void;
};

type Options<I, O> = {
  /** Most items that go together. */
  most: number;
  /** How long one trip under way keeps the next waiting, in milliseconds. */
  patienceMs: number;
  /** Answers all items, in their order; what it throws is thrown to all of them. */
  work: (items: readonly I[]) => Promise<readonly O[]>;
};

/**
 * Lets questions that come while another is under way go together with the next trip: as fast as
 * ever for one alone, and one trip for many under load.
 */
export class Batch<I, O> {
  readonly #options: Options<I, O>;
  readonly #waiting: Waiting<I, O>[] = [];
  #trip: NodeJS.Timeout | undefined;

  constructor(options: Options<I, O>) {
    this.#options = options;
  }

  ask(item: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#trip === undefined) this.#leave();
    });
  }

  #leave(): void {
    const { most, patienceMs, work } = this.#options;
    const aboard = this.#waiting.splice(0, most);
    if (aboard.length === 0) return;
    const trip = setTimeout(() => this.#free(trip), patienceMs);
    this.#trip = trip;
    work(aboard.map(({ item }) => item))
      .then(
        (answers) => deliver(aboard, answers),
        (error: unknown) => {
          for (const { reject } of aboard) reject(error);
        },
      )
      .finally(() => this.#free(trip));
  }

  /** A trip came back, or takes too long to wait for it. */
  #free(trip: NodeJS.Timeout): void {
    clearTimeout(trip);
    if (this.#trip !== trip) return;
    this.#trip = undefined;
    this.#leave();
  }
}

function deliver<I, O>(aboard: readonly Waiting<I, O>[], answers: readonly O[]): void {
  for (const [index, { resolve, reject }] of aboard.entries()) {
    if (index < answers.length) resolve(answers[index] as O);
    else reject(new Error('a batch was not answered completely'));
  }
}
