import { findText } from './find-text.ts';

/**
 * Card numbers may only go to the vault. This looks for what is most likely one in the texts of
 * an API request, so that a merchant's mistake is refused instead of stored (PCI DSS 12.10.7 is
 * about finding them later).
 *
 * A hit is 13 to 19 digits, in one group or in neighbouring groups, that start as the card schemes'
 * numbers do and pass the Luhn check; a security code, a date or an order number beside the card
 * does not hide it. Groups joined by dashes to letters, as in a UUID, do not add up: random ids
 * must never be refused.
 */
const schemePrefix = /^(?:4|5[1-5]|2[2-7]|3[0-9]|6[0-9]|5[06-8])/;
const word = /[\p{L}\p{N}]+/gu;
const joints = new Set(['-', '.', '_']);
/** Most characters between two groups of one number. */
const gapMax = 3;

/** The RFC 6901 pointer of the first text in `value` that holds a card number, if any. */
export function findCardNumber(value: unknown): string | undefined {
  return findText(value, holdsCardNumber);
}

/** Whether a text holds what is most likely a card number. */
export function holdsCardNumber(text: string): boolean {
  if (text.length < 13) return false;
  const words = wordsOf(withAsciiDigits(text));
  return words.some((_, first) => startsCard(words, first));
}

/** A run of letters and digits. */
type Word = {
  text: string;
  isDigits: boolean;
  /** Few enough characters stand between it and the word before. */
  isNear: boolean;
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
    if (!isDigits) chain.hasLetters = true;
    words.push({ text: match[0], isDigits, isNear: gap.length <= gapMax, chain });
  }
  return words;
}

/** Whether this word and those next to it add up to a card number. */
function startsCard(words: readonly Word[], first: number): boolean {
  let digits = '';
  for (let at = first; at < words.length && digits.length < 19; at += 1) {
    const next = words[at];
    if (next === undefined || !next.isDigits || (at > first && !next.isNear)) return false;
    if (at > first && (next.chain.hasLetters || words[first]?.chain.hasLetters)) return false;
    digits += next.text;
    if (digits.length >= 13 && digits.length <= 19 && fitsScheme(digits)) return true;
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
