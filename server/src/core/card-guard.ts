/**
 * Card numbers may only go to the vault. This looks for what is most likely one in the texts of
 * an API request, so that a merchant's mistake is refused instead of stored (PCI DSS 12.10.7 is
 * about finding them later).
 *
 * A hit has 13 to 19 digits (single spaces, dots or dashes between them allowed), starts as the
 * card schemes' numbers do, and passes the Luhn check.
 */
const candidate = /(?<![0-9])[2-6](?:[ .-]?[0-9]){12,18}(?![0-9])/g;
const schemePrefix = /^(?:4|5[1-5]|2[2-7]|3[0-9]|6[0-9]|5[06-8])/;

/** The RFC 6901 pointer of the first text in `value` that holds a card number, if any. */
export function findCardNumber(value: unknown, pointer = ''): string | undefined {
  if (typeof value === 'string') return holdsCardNumber(value) ? pointer : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (holdsCardNumber(key)) return pointer;
    const found = findCardNumber(member, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function holdsCardNumber(text: string): boolean {
  if (text.length < 13) return false;
  for (const match of withAsciiDigits(text).matchAll(candidate)) {
    const digits = match[0].replaceAll(/[^0-9]/g, '');
    if (schemePrefix.test(digits) && passesLuhn(digits)) return true;
  }
  return false;
}

/** Digits of other scripts become ASCII: they are digits to people. */
function withAsciiDigits(text: string): string {
  return text.normalize('NFKC').replaceAll(/[^\P{Nd}0-9]/gu, (digit) => {
    const point = digit.codePointAt(0) ?? 0;
    let value = 0;
    // A script's ten digits follow each other, so the value is the distance to its zero.
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(point - value - 1))) value += 1;
    return String(value);
  });
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
