/** First and last six-digit prefix of a range, both included, and the lengths of its numbers. */
type Range = { brand: string; from: number; to: number; lengths: readonly number[] };

const upTo19 = [16, 17, 18, 19];

/** Issuer ranges of ISO/IEC 7812 as the schemes publish them; the first match counts. */
const ranges: readonly Range[] = [
  { brand: 'visa', from: 400000, to: 499999, lengths: [13, 16, 19] },
  { brand: 'mastercard', from: 510000, to: 559999, lengths: [16] },
  { brand: 'mastercard', from: 222100, to: 272099, lengths: [16] },
  { brand: 'amex', from: 340000, to: 349999, lengths: [15] },
  { brand: 'amex', from: 370000, to: 379999, lengths: [15] },
  { brand: 'diners', from: 300000, to: 305999, lengths: [14, ...upTo19] },
  { brand: 'diners', from: 309500, to: 309599, lengths: [14, ...upTo19] },
  { brand: 'diners', from: 360000, to: 369999, lengths: [14, ...upTo19] },
  { brand: 'diners', from: 380000, to: 399999, lengths: [14, ...upTo19] },
  { brand: 'jcb', from: 352800, to: 358999, lengths: upTo19 },
  { brand: 'discover', from: 601100, to: 601199, lengths: upTo19 },
  { brand: 'discover', from: 644000, to: 659999, lengths: upTo19 },
  { brand: 'unionpay', from: 620000, to: 629999, lengths: upTo19 },
  { brand: 'maestro', from: 500000, to: 509999, lengths: [12, 13, 14, 15, ...upTo19] },
  { brand: 'maestro', from: 560000, to: 589999, lengths: [12, 13, 14, 15, ...upTo19] },
  { brand: 'maestro', from: 600000, to: 699999, lengths: [12, 13, 14, 15, ...upTo19] },
];

type BrandFinding = {
  /** Lower case; `unknown` when no range matches. */
  brand: string;
  lengthFits: boolean;
};

/** Tells the brand of a number from its first six digits, and whether the length fits the brand. */
export function findBrand(bin: string, length: number): BrandFinding {
  const prefix = Number(bin);
  const range = ranges.find(({ from, to }) => prefix >= from && prefix <= to);
  if (range === undefined) return { brand: 'unknown', lengthFits: true };
  return { brand: range.brand, lengthFits: range.lengths.includes(length) };
}
