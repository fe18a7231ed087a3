export type Brand =
  | 'visa'
  | 'mastercard'
  | 'amex'
  | 'discover'
  | 'diners'
  | 'jcb'
  | 'unionpay'
  | 'maestro'
  | 'unknown';

/** First and last six-digit prefix of a range, both included, and the lengths of its numbers. */
type Range = { brand: Brand; from: number; to: number; lengths: readonly number[] };

const upTo19 = [16, 17, 18, 19];
const anyLength = [12, 13, 14, 15, ...upTo19];

/** Issuer ranges of ISO/IEC 7812, as the vault has them; the first match counts. */
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
  { brand: 'maestro', from: 500000, to: 509999, lengths: anyLength },
  { brand: 'maestro', from: 560000, to: 589999, lengths: anyLength },
  { brand: 'maestro', from: 600000, to: 699999, lengths: anyLength },
];

export type Finding = { brand: Brand; lengths: readonly number[] };

/** What the digits say so far; `unknown` while they could still become several brands. */
export function findBrand(digits: string): Finding {
  const unknown: Finding = { brand: 'unknown', lengths: anyLength };
  if (digits === '') return unknown;
  const from = Number(digits.slice(0, 6).padEnd(6, '0'));
  const to = Number(digits.slice(0, 6).padEnd(6, '9'));
  for (const range of ranges) {
    if (range.to < from || range.from > to) continue;
    return range.from <= from && to <= range.to ? range : unknown;
  }
  return unknown;
}

/** How long the security code is: three digits, American Express four; else either. */
export function codeLengths(brand: Brand): readonly number[] {
  if (brand === 'unknown') return [3, 4];
  return brand === 'amex' ? [4] : [3];
}

const names: Readonly<Record<Brand, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
  maestro: 'Maestro',
  unknown: '',
};

/** As people write it; empty while the brand is not known. */
export const brandName = (brand: Brand) => names[brand];

/** For what comes by message: own names of the table only, so that `constructor` is no brand. */
export const isBrand = (value: unknown): value is Brand =>
  typeof value === 'string' && Object.hasOwn(names, value);
