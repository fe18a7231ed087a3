import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { format, inspect } from 'node:util';
import { findBrand as findBrandInFields } from '../../../fields/src/card/brand.ts';
import { Refusal } from '../core/problem.ts';
import { findBrand } from './brand.ts';
import { Card } from './card.ts';
import { passesLuhn } from './luhn.ts';
import { parseCard, parseNumber } from './parse-card.ts';
import { testCards } from './test-cards.ts';

const now = Date.UTC(2026, 10, 23);
const input = { number: '4242424242424242', exp_month: 12, exp_year: 2040 };
const codeOf = (change: object, mode: 'test' | 'live' = 'test', at = now) => {
  try {
    parseCard({ ...input, ...change }, mode, at);
    return 'accepted';
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error);
  }
};

/** A number with `length` digits that passes the check. */
const numberOf = (prefix: string, length: number) => {
  const body = prefix.padEnd(length - 1, '0');
  const digit = [...'0123456789'].find((last) => passesLuhn(Buffer.from(body + last)));
  return body + digit;
};

describe('the number', () => {
  it('of every test card is taken', () => {
    for (const number of testCards) {
      const parsed = parseNumber(number);
      assert.ok('digits' in parsed, number);
      assert.notEqual(parsed.brand, 'unknown', number);
      assert.equal(codeOf({ number }), 'accepted', number);
    }
  });

  it('has 12 to 19 digits', () => {
    for (let length = 8; length <= 24; length += 1) {
      const number = numberOf('9', length);
      const expected = length >= 12 && length <= 19 ? 'accepted' : 'invalid_card';
      assert.equal(codeOf({ number }, 'live'), expected, number);
    }
  });

  it('has a length of its brand', () => {
    assert.equal(codeOf({ number: numberOf('4', 16) }, 'live'), 'accepted');
    assert.equal(codeOf({ number: numberOf('4', 15) }, 'live'), 'invalid_card');
    assert.equal(codeOf({ number: numberOf('34', 16) }, 'live'), 'invalid_card');
  });

  it('has ASCII digits, and single spaces or dashes between them', () => {
    const taken = ['4242 4242 4242 4242', '4242-4242-4242-4242', '4 2 4 2 424242424242'];
    for (const number of taken) assert.equal(codeOf({ number }), 'accepted', number);
    const refused = [
      ' 4242424242424242',
      '4242424242424242 ',
      '4242  4242 4242 4242',
      '4242--424242424242',
      '4242.4242.4242.4242',
      '4242\u00a04242\u00a04242\u00a04242',
      '4242\u20104242\u20104242\u20104242',
      '4242424242424242\n',
      '４２４２４２４２４２４２４２４２',
      '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢',
      '४२४२४२४२४२४२४२४२',
      '𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐',
      '4242424242424242e0',
      '+4242424242424242',
      '',
      ' ',
      '-',
    ];
    for (const number of refused) {
      const parsed = parseNumber(number);
      assert.equal('error' in parsed && parsed.error.code, 'invalid_format', number);
    }
  });

  it('is refused with any one digit changed or two neighbours swapped', () => {
    const good = input.number;
    for (let at = 0; at < good.length; at += 1) {
      for (let digit = 0; digit <= 9; digit += 1) {
        const number = good.slice(0, at) + digit + good.slice(at + 1);
        if (number !== good) assert.equal(codeOf({ number }, 'live'), 'invalid_card', number);
      }
    }
    assert.equal(codeOf({ number: '4224424242424242' }, 'live'), 'invalid_card');
  });
});

describe('brands', () => {
  it('are told by their ranges', () => {
    const known: Record<string, string> = {
      '411111': 'visa',
      '222100': 'mastercard',
      '272099': 'mastercard',
      '272100': 'unknown',
      '222099': 'unknown',
      '510510': 'mastercard',
      '371449': 'amex',
      '305693': 'diners',
      '601111': 'discover',
      '650000': 'discover',
      '356600': 'jcb',
      '620000': 'unionpay',
      '676770': 'maestro',
    };
    for (const [bin, brand] of Object.entries(known)) {
      assert.equal(findBrand(bin, 16).brand, brand, bin);
    }
  });
});

describe('expiry', () => {
  it('is the end of the month, everywhere on earth', () => {
    const ends = { exp_month: 11, exp_year: 2026 };
    assert.equal(codeOf(ends, 'test', Date.UTC(2026, 10, 30, 23)), 'accepted');
    assert.equal(codeOf(ends, 'test', Date.UTC(2026, 11, 1, 11, 59)), 'accepted');
    assert.equal(codeOf(ends, 'test', Date.UTC(2026, 11, 1, 12)), 'card_expired');
    assert.equal(codeOf({ exp_month: 12, exp_year: 2025 }), 'card_expired');
  });

  it('has a month and four digits', () => {
    for (const exp_month of [0, 13, -1]) assert.equal(codeOf({ exp_month }), 'invalid_card');
    for (const exp_year of [40, 0, 1999, 2100, 20400]) {
      assert.equal(codeOf({ exp_year }), 'invalid_card');
    }
  });
});

describe('the security code', () => {
  it('has as many digits as the brand prints', () => {
    const amex = '378282246310005';
    assert.equal(codeOf({ cvc: '123' }), 'accepted');
    assert.equal(codeOf({ number: amex, cvc: '1234' }), 'accepted');
    assert.equal(codeOf({ number: amex, cvc: '123' }), 'invalid_card');
    for (const cvc of ['', '12', '1234', '12a', '١٢٣', ' 123', '123\n']) {
      assert.equal(codeOf({ cvc }), 'invalid_card', cvc);
    }
  });
});

describe('a card in memory', () => {
  const card = parseCard({ ...input, name: 'Ada' }, 'test', now);

  it('shows nothing of itself by accident', () => {
    const shown = [`${card}`, JSON.stringify({ card }), inspect(card), format('%o %s', card, card)];
    for (const text of shown) assert.doesNotMatch(text, /4242|Ada/);
    assert.deepEqual(JSON.parse(JSON.stringify(Object.keys(card))).includes('digits'), false);
  });

  it('survives the way through bytes', () => {
    const again = Card.fromBytes(card.toBytes());
    assert.deepEqual(again.face(), card.face());
    assert.equal(again.name, 'Ada');
    assert.equal(again.useNumber(String), input.number);
    assert.throws(() => Card.fromBytes(Buffer.from('nonsense')), RangeError);
    assert.throws(() => Card.fromBytes(Buffer.alloc(0)), RangeError);
  });

  it('can be wiped', () => {
    const other = parseCard(input, 'test', now);
    other.wipe();
    assert.equal(
      other.useNumber((digits) => digits.every((byte) => byte === 0)),
      true,
    );
  });
});

it('brands are found as in the fields of the browser, which have a table of their own', () => {
  for (let hundred = 1000; hundred < 10_000; hundred += 1) {
    for (const bin of [`${hundred}00`, `${hundred}99`]) {
      const there = findBrandInFields(bin);
      for (let length = 12; length <= 19; length += 1) {
        const here = findBrand(bin, length);
        assert.equal(here.brand, there.brand, bin);
        assert.equal(here.lengthFits, there.lengths.includes(length), `${bin}, ${length} digits`);
      }
    }
  }
});
