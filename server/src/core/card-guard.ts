/**
 * Card numbers may only go to the vault. This looks for what is most likely one in the texts of
 * an API request, so that a merchant's mistake is refused instead of stored (PCI DSS 12.10.7 is
 * about finding them later).
 *
 * A hit is a window of 13 to 19 digits that starts as the card schemes' numbers do and passes the
 * Luhn check. Windows slide over whole runs of digits, joined by up to three other characters that
 * are not letters, so that a security code, an expiry date or an order number beside the card
 * does not hide it. Only windows that begin and end where a group of digits does count: else
 * every long number would hold a card somewhere.
 */
const run = /[0-9](?:[^0-9\p{L}]{0,3}[0-9]){12,}/gu;
const group = /[0-9]+/g;
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

/** Whether a text holds what is most likely a card number. */
export function holdsCardNumber(text: string): boolean {
  if (text.length < 13) return false;
  for (const [match] of withAsciiDigits(text).matchAll(run)) {
    if (someGroupsFit(match)) return true;
  }
  return false;
}

function someGroupsFit(text: string): boolean {
  const groups = [...text.matchAll(group)].map(([part]) => part);
  for (let first = 0; first < groups.length; first += 1) {
    let digits = '';
    for (let last = first; last < groups.length && digits.length < 19; last += 1) {
      digits += groups[last];
      if (digits.length >= 13 && digits.length <= 19 && fitsScheme(digits)) return true;
    }
  }
  return false;
}

function fitsScheme(digits: string): boolean {
  return schemePrefix.test(digits) && passesLuhn(digits);
}

/** Digits of other scripts become ASCII, one by one: they are digits to people. */
function withAsciiDigits(text: string): string {
  return text.replaceAll(/[^\P{Nd}0-9]/gu, (digit) => {
    const point = digit.codePointAt(0) ?? 0;
    // The mathematical digits stand in five rows of ten without a gap between them.
    if (point >= 0x1d7ce && point <= 0x1d7ff) return String((point - 0x1d7ce) % 10);
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
