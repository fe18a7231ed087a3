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
  /** Does all items, or none and throws; answers in their order. */
  work: (items: readonly I[]) => Promise<readonly O[]>;
};

/**
 * Lets work that comes while other work is under way go together: alone it is as fast as ever, and
 * under load many share one trip.
 */
export function createBatch<I, O>({ most, trips, work }: Options<I, O>): (item: I) => Promise<O> {
  const waiting: Waiting<I, O>[] = [];
  let underWay = 0;

  function leave(): void {
    const aboard = waiting.splice(0, most);
    if (aboard.length === 0) return;
    underWay += 1;
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
        underWay -= 1;
        leave();
      });
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (underWay < trips) leave();
    });
}
