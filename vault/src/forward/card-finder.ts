import { codeNames } from './code-names.ts';

/** So many digits of a number in a row are too many: at most eight and four are ever shown. */
const window = 12;
/** Encodings within encodings are looked into this deep. */
const depthMax = 2;
/** The end of a name that is looked at: longer than any name of a code. */
const nameMax = 300;

/**
 * Finds a card in what strangers answer: its number, or twelve digits of it in a row, and its
 * security code where a name says that it is one. Plain, with anything but letters and digits in
 * between, escaped, percent-encoded, hex, base64, in full-width digits, and one within another.
 *
 * Against echoes, not against a destination that hides the card on purpose: it has the card.
 */
export class CardFinder {
  readonly #windows: readonly string[];
  readonly #code: RegExp | undefined;
  readonly #name: RegExp | undefined;

  /**
   * @param digits the number in ASCII
   * @param code the security code, if it was sent
   * @param alsoNamed members or fields that carried it
   */
  constructor(digits: Buffer, code: string | undefined, alsoNamed: readonly string[]) {
    const number = digits.toString('latin1');
    const starts = Array.from({ length: Math.max(1, number.length - window + 1) });
    this.#windows = starts.map((_, start) => number.slice(start, start + window));
    if (code === undefined) return;
    const names = [codeNames, ...alsoNamed.map(escapePattern)];
    this.#name = new RegExp(names.join('|'), 'i');
    const between = '\\d?[^0-9A-Za-z]{1,12}(?:value[^0-9A-Za-z]{1,8})?';
    this.#code = new RegExp(`(?:${names.join('|')})${between}${code}(?![0-9])`, 'i');
  }

  finds(text: string): boolean {
    return this.#looksInto(text, 0);
  }

  /** Whether a value is the security code, as its name says. */
  findsCode(name: string, value: string | number): boolean {
    return this.#code?.test(`${inAscii(name.slice(-nameMax))}: ${inAscii(String(value))}`) === true;
  }

  /** Whether a value is for a security code, as its name says. */
  isForCode(name: string): boolean {
    return this.#name?.test(inAscii(name.slice(-nameMax))) === true;
  }

  #looksInto(text: string, depth: number): boolean {
    const plain = inAscii(text);
    const joined = plain.replace(/[^0-9A-Za-z]+/g, '');
    if (this.#windows.some((digits) => joined.includes(digits))) return true;
    if (this.#code?.test(plain)) return true;
    if (depth === depthMax) return false;
    return decodings(text).some((inner) => this.#looksInto(inner, depth + 1));
  }
}

/** Digits and letters that are ASCII but for their looks. */
const alike = /[^\P{N}0-9]|[\u{ff01}-\u{ff5e}\u{1d400}-\u{1d7ff}]/gu;

/**
 * One by one: to put the marks of a whole text into order takes a time that grows with its square,
 * and it is a stranger's text.
 */
function inAscii(text: string): string {
  return text.replace(alike, (one) => one.normalize('NFKC'));
}

function escapePattern(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '\\$&');
}

/** What a text may say beside what it says. */
function decodings(text: string): string[] {
  return [unescaped(text), percentDecoded(text), ...hexRuns(text), ...base64Runs(text)].filter(
    (inner) => inner !== text && inner !== '',
  );
}

const fromHex = (digits: string) => String.fromCodePoint(Number.parseInt(digits, 16) % 0x110000);

/** Escapes of JSON, JavaScript, HTML and XML. */
function unescaped(text: string): string {
  return text
    .replace(/\\u\{?([0-9a-f]{2,6})\}?|\\x([0-9a-f]{2})/gi, (_, u, x) => fromHex(u ?? x))
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_, digits) => fromHex(digits))
    .replace(/&#(\d{1,7});?/g, (_, digits) => fromHex(Number(digits).toString(16)))
    .replace(/\\(["\\/])/g, '$1')
    .replace(/\\[nrt]/g, ' ');
}

function percentDecoded(text: string): string {
  return text.replaceAll('+', ' ').replace(/%([0-9a-f]{2})/gi, (_, digits) => fromHex(digits));
}

function hexRuns(text: string): string[] {
  const runs = text.match(/(?:(?:0x|\\x)?[0-9a-f]{2}[\s:,-]{0,2}){12,}/gi) ?? [];
  return runs.flatMap((run) => {
    const digits = run.replace(/0x|\\x|[^0-9a-f]/gi, '');
    return [0, 1].map((start) => Buffer.from(digits.slice(start), 'hex').toString('latin1'));
  });
}

/** A run may begin with other letters, so it is read from each of four places. */
function base64Runs(text: string): string[] {
  const whole = text.replace(/\\[rn]|[\r\n]/g, '');
  const runs = whole.match(/[A-Za-z0-9+/_-]{12,}/g) ?? [];
  return runs.flatMap((run) => {
    return [0, 1, 2, 3].map((start) => Buffer.from(run.slice(start), 'base64').toString('latin1'));
  });
}
