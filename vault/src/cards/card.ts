import { inspect } from 'node:util';
import { lengthPrefixed, splitLengthPrefixed } from '../core/bytes.ts';
import { findBrand } from './brand.ts';

/** What may be shown of a card (PCI DSS 3.4.1). */
type CardFace = {
  brand: string;
  last4: string;
  bin: string;
  exp_month: number;
  exp_year: number;
};

/**
 * A card in the clear. The digits can only be reached through {@link Card.useNumber}, so that a
 * card which lands in a log, a template or a JSON answer by mistake shows nothing.
 *
 * Wiping is best effort: JavaScript strings made while parsing the request cannot be overwritten.
 */
export class Card {
  readonly #digits: Buffer;
  readonly expMonth: number;
  readonly expYear: number;
  /** Cardholder's name, if it was given. */
  readonly name: string | undefined;

  /** @param digits ASCII digits; owned by the card from here on */
  constructor(digits: Buffer, expMonth: number, expYear: number, name: string | undefined) {
    this.#digits = digits;
    this.expMonth = expMonth;
    this.expYear = expYear;
    this.name = name;
  }

  /** Lends the digits; the callee must not keep them. */
  useNumber<T>(use: (digits: Buffer) => T): T {
    return use(this.#digits);
  }

  face(): CardFace {
    const bin = this.#digits.toString('latin1', 0, 6);
    return {
      brand: findBrand(bin, this.#digits.length).brand,
      last4: this.#digits.toString('latin1', this.#digits.length - 4),
      bin,
      exp_month: this.expMonth,
      exp_year: this.expYear,
    };
  }

  /** The bytes to seal. Expiry and name are in there too, so that they are authenticated. */
  toBytes(): Buffer {
    return lengthPrefixed([this.#digits, this.expMonth, this.expYear, this.name ?? '']);
  }

  /** Undoes {@link Card.toBytes}; copies what it needs. Throws a RangeError on other bytes. */
  static fromBytes(bytes: Buffer): Card {
    const [digits, month, year, name] = splitLengthPrefixed(bytes);
    if (digits === undefined || month === undefined || year === undefined || name === undefined) {
      throw new RangeError('not a card');
    }
    const holder = name.length === 0 ? undefined : name.toString('utf8');
    return new Card(Buffer.from(digits), Number(month), Number(year), holder);
  }

  wipe(): void {
    this.#digits.fill(0);
  }

  toString(): string {
    return '[card]';
  }

  toJSON(): string {
    return '[card]';
  }

  [inspect.custom](): string {
    return '[card]';
  }
}
