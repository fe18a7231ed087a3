import type { FieldError, Mode } from 'payos-contract';
import { fieldError } from '../core/check.ts';
import { Refusal } from '../core/problem.ts';
import { findBrand } from './brand.ts';
import { Card } from './card.ts';
import { passesLuhn } from './luhn.ts';
import { testCards } from './test-cards.ts';

type CardInput = {
  number: string;
  exp_month: number;
  exp_year: number;
  cvc?: string;
  name?: string;
};

/** The last place on earth where a month ends is twelve hours behind UTC. */
const lastTimeZone = 12 * 3_600_000;

/**
 * Checks card details and makes a {@link Card} of them. Throws {@link Refusal}: `invalid_card` with
 * every wrong field, `card_expired`, or `test_card_required`.
 *
 * @param now milliseconds since 1970
 */
export function parseCard(input: CardInput, mode: Mode, now: number): Card {
  const digits = parseNumber(input.number);
  const errors = [
    ...('error' in digits ? [digits.error] : []),
    ...expiryErrors(input),
    ...nameErrors(input.name),
    ...codeErrors(input.cvc, 'digits' in digits ? digits.brand : 'unknown'),
  ];
  if ('error' in digits || errors.length > 0) throw new Refusal('invalid_card', { errors });
  if (isPast(input, now)) throw new Refusal('card_expired', { param: 'card.exp_month' });
  if (mode === 'test' && !testCards.has(digits.digits.toString('latin1'))) {
    digits.digits.fill(0);
    throw new Refusal('test_card_required', { param: 'card.number' });
  }
  return new Card(digits.digits, input.exp_month, input.exp_year, input.name);
}

type Details = Pick<CardInput, 'exp_month' | 'exp_year' | 'name'>;

/**
 * Checks a new expiry and name of a card that is known already. Throws {@link Refusal}:
 * `invalid_card`, `card_expired`.
 */
export function checkDetails(details: Details, now: number): void {
  const errors = [...expiryErrors(details), ...nameErrors(details.name)];
  if (errors.length > 0) throw new Refusal('invalid_card', { errors });
  if (isPast(details, now)) throw new Refusal('card_expired', { param: 'exp_month' });
}

function isPast({ exp_month, exp_year }: Details, now: number): boolean {
  const today = new Date(now - lastTimeZone);
  return exp_year * 12 + exp_month - 1 < today.getUTCFullYear() * 12 + today.getUTCMonth();
}

type ParsedNumber = { digits: Buffer; brand: string } | { error: FieldError };

/** ASCII digits only (`\d` without the `u` and `v` flags), 12 to 19 of them (ISO/IEC 7812-1). */
export function parseNumber(text: string): ParsedNumber {
  const wrong = (code: string, message: string, fix: string) => ({
    error: fieldError('/card/number', code, message, fix),
  });
  if (text.length > 40 || !/^\d+(?:[ -]\d+)*$/.test(text)) {
    return wrong('invalid_format', 'A card number has digits only.', 'Send 12 to 19 digits.');
  }
  const digits = Buffer.from(text.replace(/[ -]/g, ''), 'latin1');
  if (digits.length < 12 || digits.length > 19) {
    return wrong('invalid_length', 'A card number has 12 to 19 digits.', 'Send the whole number.');
  }
  if (!passesLuhn(digits)) {
    return wrong('invalid_checksum', 'The number is mistyped.', 'Compare it with the card.');
  }
  const { brand, lengthFits } = findBrand(digits.toString('latin1', 0, 6), digits.length);
  if (!lengthFits) {
    return wrong('invalid_length', 'This brand has no number so long.', 'Send the whole number.');
  }
  return { digits, brand };
}

function expiryErrors({ exp_month: month, exp_year: year }: Details): FieldError[] {
  const errors: FieldError[] = [];
  if (month < 1 || month > 12) {
    errors.push(
      fieldError('/card/exp_month', 'out_of_range', 'There is no such month.', 'Send 1 to 12.'),
    );
  }
  if (year < 2000 || year > 2099) {
    errors.push(
      fieldError('/card/exp_year', 'out_of_range', 'The year has four digits.', 'Send e.g. 2031.'),
    );
  }
  return errors;
}

/** Checks a security code that comes without its card. Throws {@link Refusal} `invalid_card`. */
export function checkCode(code: string): void {
  const errors = codeErrors(code, 'unknown', '/cvc');
  if (errors.length > 0) throw new Refusal('invalid_card', { errors });
}

function codeErrors(code: string | undefined, brand: string, at = '/card/cvc'): FieldError[] {
  if (code === undefined) return [];
  const lengths = { amex: /^\d{4}$/, unknown: /^\d{3,4}$/ };
  const shape = Object.hasOwn(lengths, brand) ? lengths[brand as keyof typeof lengths] : /^\d{3}$/;
  if (shape.test(code)) return [];
  return [
    fieldError(
      at,
      'invalid_format',
      'The security code does not fit the card.',
      'Send the three digits on the back; American Express: the four on the front.',
    ),
  ];
}

/** A name full of digits is a number in the wrong field, and would leave the vault as a name. */
function nameErrors(name: string | undefined): FieldError[] {
  if (name === undefined) return [];
  const digits = name.replace(/\P{Nd}/gu, '').length;
  if (name.length >= 1 && name.length <= 100 && digits < 8 && !/\p{Cc}/u.test(name)) return [];
  return [
    fieldError(
      '/card/name',
      'invalid_format',
      'This is not the name on a card.',
      'Send 1 to 100 characters without control characters or numbers.',
    ),
  ];
}
