/** Brand by leading digits; the first that fits wins. */
const ranges: readonly (readonly [RegExp, string])[] = [
  [/^4/, 'visa'],
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 'mastercard'],
  [/^3[47]/, 'amex'],
  [/^(6011|64[4-9]|65)/, 'discover'],
  [/^(30[0-5]|3095|36|38|39)/, 'diners'],
  [/^35(2[89]|[3-8])/, 'jcb'],
  [/^62/, 'unionpay'],
];

/** The brand of a card number, or `unknown`. */
export function brandOf(number: string): string {
  return ranges.find(([pattern]) => pattern.test(number))?.[1] ?? 'unknown';
}
