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
 * Lets work that comes while other work is under way go together: alone it is as fast as ever, and
 * under load many share one trip.
 */
export function createBatch<I, O>(options: Options<I, O>): (item: I) => Promise<O> {
  const { most, trips, patienceMs, work } = options;
  const waiting: Waiting<I, O>[] = [];
  const underWay = new Set<NodeJS.Timeout>();

  function leave(): void {
    const aboard = waiting.splice(0, most);
    if (aboard.length === 0) return;
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
    if (underWay.delete(trip)) leave();
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (underWay.size < trips) leave();
    });
}
