type Waiting<I, O> = {
  item: I;
  resolve: (answer: O) => void;
  reject: (error: unknown) => void;
};

type Options<I, O> = {
  /** Most items that go together. */
  most: number;
  /** Most trips under way at once. */
  trips: number;
  /** A trip that takes longer, in milliseconds, no longer keeps others waiting. */
  patienceMs: number;
  /** Does all items, or none and throws; answers in their order. */
  work: (items: readonly I[]) => Promise<readonly O[]>;
};

/**
 * Lets work go together that comes in one turn of the event loop, or while other work is under way:
 * alone it is as fast as ever, and under load many share one trip.
 */
export function createBatch<I, O>(options: Options<I, O>): (item: I) => Promise<O> {
  const { most, trips, patienceMs, work } = options;
  const waiting: Waiting<I, O>[] = [];
  const underWay = new Set<NodeJS.Timeout>();
  let called = false;

  function call(): void {
    if (called || waiting.length === 0 || underWay.size >= trips) return;
    called = true;
    setImmediate(() => {
      called = false;
      leave();
      call();
    });
  }

  function leave(): void {
    const aboard = waiting.splice(0, most);
    const trip = setTimeout(() => free(trip), patienceMs);
    underWay.add(trip);
    work(aboard.map(({ item }) => item))
      .then(
        (answers) => {
          for (const [index, { resolve, reject }] of aboard.entries()) {
            if (index < answers.length) resolve(answers[index] as O);
            else reject(new Error('a batch was not answered completely'));
          }
        },
        (error: unknown) => {
          for (const { reject } of aboard) reject(error);
        },
      )
      .finally(() => {
        clearTimeout(trip);
        free(trip);
      });
  }

  function free(trip: NodeJS.Timeout): void {
    if (underWay.delete(trip)) call();
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      call();
    });
}
