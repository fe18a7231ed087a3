import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { findCardNumber, holdsCardNumber } from './card-guard.ts';

describe('the card guard', () => {
  const cards = [
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '4242:4242:4242:4242',
    '4242.4242.4242.4242',
    '4242/4242/4242/4242',
    '4242  4242  4242  4242',
    '4242\t4242\t4242\t4242',
    '4242\u200b4242\u200b4242\u200b4242',
    '4242 - 4242 - 4242 - 4242',
    '4242424242424242 123',
    'card:4242424242424242,123',
    'exp 12/27 5555 5555 5555 4444',
    '5555 5555 5555 4444 12/27',
    'order 3 4242424242424242',
    'order-4242424242424242',
    'ref_4242424242424242_x',
    'visa-4242-4242-4242-4242',
    'card_4242_4242_4242_4242',
    'pan.4242.4242.4242.4242',
    '3782-822463-10005-amex',
    '5 4242-4242-4242-4242',
    '378282246310005',
    '3782 822463 10005 1234',
    '6205500000000000004',
    '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢',
    '４２４２４２４２４２４２４２４２',
    '𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐',
    '४२४२४२४२४२४२४२४२',
    '⁴²⁴²⁴²⁴²⁴²⁴²⁴²⁴²',
    '④②④②④②④②④②④②④②④②',
    '4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣',
    'card4242424242424242',
    'PAN4242424242424242x',
    '4242424242424242D31121011234567',
    ';4242424242424242=31121011234567?',
    '4222222222222',
    '3056930009020004',
    '36227206271667',
    '6759649826438453',
  ];
  for (const text of cards) {
    it(`sees ${JSON.stringify(text)}`, () => assert.ok(holdsCardNumber(text)));
  }

  const harmless = [
    '4242424242424241',
    'order 1234567890',
    '2026-11-23T10:00:00.000Z',
    '+49 30 1234567',
    '1CzKuBtzM2BQUDaKZMWDkP',
    '12345678901234567890123456',
    '0000000000000000',
    'a4242b4242c4242d4242',
    'a1b2-4242-4242-4242-4242',
    'deadbeef-4242-4242-4242-4242',
    'inv-2024-01-15-000123',
    // An IMEI, an EAN-13 whose Luhn check is right as well, an IBAN
    '490154203237518',
    '356938035643809',
    '4006381330060',
    '+4915123456787',
    '+49 151 23456787',
    'DE89370400440532013000',
    '1763905200000',
    '1763905200000000000',
    '2001:db8::4242:4242:4242:4242',
    '2600:1700:8354:2465:fe7b:7438:b862:1784/128',
  ];
  for (const text of harmless) {
    it(`leaves ${JSON.stringify(text)} alone`, () => assert.ok(!holdsCardNumber(text)));
  }

  it('points at the place, keys included', () => {
    const card = '4242424242424242';
    assert.equal(findCardNumber({ a: { 'b/c': ['x', card] } }), '/a/b~1c/1');
    assert.equal(findCardNumber({ metadata: { [card]: 'x' } }), '/metadata');
    assert.equal(findCardNumber({ amount: 4242, list: [null, true] }), undefined);
    assert.equal(findCardNumber({ metadata: { card: 4242424242424242 } }), '/metadata/card');
  });

  it('never refuses a random id, by far the most common key and reference', () => {
    for (let count = 0; count < 300_000; count += 1) {
      const id = randomUUID();
      assert.ok(!holdsCardNumber(id), id);
    }
    for (let count = 0; count < 20_000; count += 1) {
      const hash = createHash('sha256').update(String(count)).digest('hex');
      assert.ok(!holdsCardNumber(hash), hash);
    }
  });

  it('does not slow down on texts made to be slow', () => {
    const marks = `a${'\u0301'.repeat(16_000)}${'\u0316'.repeat(16_000)}`;
    assert.ok(!holdsCardNumber(marks));
    assert.ok(!holdsCardNumber('1 '.repeat(30_000)));
    assert.ok(!holdsCardNumber('7'.repeat(60_000)));
  });
});
