/** What issuers publish about the numbers that begin so. */
type BinFacts = {
  funding: 'credit' | 'debit' | 'prepaid' | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
};

/** Numbers by their first eight digits, both ends included. */
export type BinRange = BinFacts & { from: number; to: number };

/** The facts about a number, by its first eight digits. */
export type BinTable = (prefix: number) => BinFacts | undefined;

export const fundings = ['credit', 'debit', 'prepaid'] as const;

/**
 * A table that answers by binary search, in columns, so that half a million ranges take a few
 * megabytes and no time of the garbage collector.
 *
 * @param ranges sorted, without overlaps: see `readBins`
 */
export function createBinTable(ranges: readonly BinRange[]): BinTable {
  const from = Uint32Array.from(ranges, (range) => range.from);
  const to = Uint32Array.from(ranges, (range) => range.to);
  const kinds = new Map<string, number>();
  const facts: BinFacts[] = [];
  const kind = Uint32Array.from(ranges, ({ funding, country }) => {
    const name = `${funding} ${country}`;
    const known = kinds.get(name);
    if (known !== undefined) return known;
    kinds.set(name, facts.length);
    return facts.push({ funding, country }) - 1;
  });
  return (prefix) => {
    let low = 0;
    let high = from.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      if (prefix < (from[middle] ?? 0)) high = middle - 1;
      else if (prefix > (to[middle] ?? 0)) low = middle + 1;
      else return facts[kind[middle] ?? 0];
    }
    return undefined;
  };
}

/** What the first table knows, or else the second. */
export function firstOf(one: BinTable, other: BinTable): BinTable {
  return (prefix) => one(prefix) ?? other(prefix);
}
