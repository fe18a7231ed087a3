import { passesLuhn } from 'payos-contract';
import { findText } from './find-text.ts';
import { isIpv6Range } from './network.ts';

/**
 * Card numbers may only go to the vault. This looks for what is most likely one in the texts of
 * an API request, so that a merchant's mistake is refused instead of stored (PCI DSS 12.10.7 is
 * about finding them later).
 *
 * A hit is 13 to 19 digits, in one group or in neighbouring groups, that begin and are as long as
 * the numbers of a card scheme and pass the Luhn check; a security code, a date, an order number or
 * letters beside the card do not hide it. Groups joined by dashes to hexadecimal letters, as in a
 * UUID, do not add up: random ids must never be refused. Nor are the numbers of articles (EAN-13),
 * of devices (IMEI) and, after a plus, of telephones, although many of them pass the Luhn check.
 *
 * What it does not see: a number that is split over two fields, or written in words.
 */
const schemes = [
  // Visa
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  // Mastercard
  /^(?:5[1-5]|2[2-7])\d{14}$/,
  // American Express
  /^3[47]\d{13}$/,
  // Diners Club
  /^3[0689](?:\d{12}|\d{14,17})$/,
  // JCB
  /^35\d{14,17}$/,
  // Maestro, Discover, UnionPay
  /^(?:5[06-8]|6\d)\d{11,17}$/,
];
/** Letters around one number, or the second track of a magnetic stripe. */
const amongLetters = /^(?:\p{L}{1,20}(\d{13,19})\p{L}{0,20}|(\d{13,19})(?:\p{L}{1,20}|D\d{7,}))$/u;
const word = /[\p{L}\p{N}]+/gu;
/** Letters that no UUID has: they say what the digits beside them are, and make no id of them. */
const label = /^(?!\p{AHex}+$)\p{L}+$/u;
const joints = new Set(['-', '.', '_']);
/** Most characters between two groups of one number. */
const gapMax = 3;

/** The RFC 6901 pointer of the first text or number in `value` that holds one, if any. */
export function findCardNumber(value: unknown): string | undefined {
  return findText(value, holdsCardNumber);
}

/** What a connection says: whoever makes it chooses the digits, also of an IPv6 address. */
const ofConnections = new Set(['address', 'user_agent']);

/**
 * The same in what the vault reports to the server. Its numbers are counts and times, and what it
 * knows of connections must not keep the rest of a report from being heard: an address is stored as
 * an address, and a client's name is looked at when it is written down. What people write, such as
 * the reason of a reveal, is searched like everything else.
 */
export function findInReport(value: unknown): string | undefined {
  const isPassedOver = (name: string, member: unknown) =>
    typeof member === 'number' || ofConnections.has(name);
  return findText(value, holdsCardNumber, isPassedOver);
}

/** Whether a text holds what is most likely a card number. */
export function holdsCardNumber(text: string): boolean {
  // One IPv6 address in 500 has groups that look like a card.
  if (text.length < 13 || isIpv6Range(text)) return false;
  const words = wordsOf(withAsciiDigits(text));
  return words.some((_, first) => startsCard(words, first));
}

/** A run of letters and digits. */
type Word = {
  text: string;
  isDigits: boolean;
  /** Few enough characters stand between it and the word before. */
  isNear: boolean;
  isAfterPlus: boolean;
  /** Words joined by single dashes, dots or underscores make a chain. */
  chain: { hasLetters: boolean };
};

function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let end = 0;
  let chain = { hasLetters: false };
  for (const match of text.matchAll(word)) {
    const gap = text.slice(end, match.index);
    if (!joints.has(gap)) chain = { hasLetters: false };
    end = match.index + match[0].length;
    const isDigits = /^[0-9]+$/.test(match[0]);
    if (!isDigits && !label.test(match[0])) chain.hasLetters = true;
    const isNear = gap.length <= gapMax;
    words.push({ text: match[0], isDigits, isNear, isAfterPlus: gap.endsWith('+'), chain });
  }
  return words;
}

/** Whether this word and those next to it add up to a card number. */
function startsCard(words: readonly Word[], first: number): boolean {
  let digits = '';
  for (let at = first; at < words.length && digits.length < 19; at += 1) {
    const next = words[at];
    if (at === first && next !== undefined && holdsAmongLetters(next)) return true;
    if (next === undefined || !next.isDigits || (at > first && !next.isNear)) return false;
    if (at > first && (next.chain.hasLetters || words[first]?.chain.hasLetters)) return false;
    digits += next.text;
    const isTelephone = digits.length === 13 && words[first]?.isAfterPlus === true;
    if (digits.length >= 13 && digits.length <= 19 && !isTelephone && fitsScheme(digits))
      return true;
  }
  return false;
}

function holdsAmongLetters({ text, isDigits }: Word): boolean {
  if (isDigits || text.length > 60) return false;
  const [, one, other] = amongLetters.exec(text) ?? [];
  return fitsScheme(one ?? other ?? '');
}

function fitsScheme(digits: string): boolean {
  return schemes.some((scheme) => scheme.test(digits)) && passesLuhn(digits) && !isEan(digits);
}

/** The number of an article (GS1): 13 digits with a check digit of another kind. */
function isEan(digits: string): boolean {
  if (digits.length !== 13) return false;
  const sum = [...digits].reduce(
    (all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 1 : 3),
    0,
  );
  return sum % 10 === 0;
}

/**
 * Digits of other scripts become ASCII, one by one, and so do those that are raised, lowered or in
 * a circle: they are digits to people.
 */
function withAsciiDigits(text: string): string {
  return text.replaceAll(/[^\P{N}0-9]/gu, (digit) => {
    const plain = digit.normalize('NFKC');
    if (/^[0-9]$/.test(plain)) return plain;
    if (!/\p{Nd}/u.test(digit)) return digit;
    const point = digit.codePointAt(0) ?? 0;
    let value = 0;
    // A script's ten digits follow each other, so the value is the distance to its zero.
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(point - value - 1))) value += 1;
    return String(value);
  });
}
