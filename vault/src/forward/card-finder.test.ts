import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CardFinder } from './card-finder.ts';
import { showAnswer } from './show-answer.ts';

const number = '4242424242424242';
const finder = new CardFinder(Buffer.from(number), '731', ['secret']);
const json = JSON.stringify({ card: { number, cvc: '731' } });
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a card in an answer', () => {
  const found = [
    number,
    '4242 4242 4242 4242',
    '4242-4242\n4242.4242',
    [...number].join('","'),
    '４２４２４２４２４２４２４２４２',
    number.slice(0, 12),
    number.slice(-12),
    base64(json),
    `x${base64(json)}`,
    base64(json).replace(/(.{20})/g, '$1\r\n'),
    base64(base64(json)),
    Buffer.from(json).toString('base64url'),
    Buffer.from(json).toString('hex'),
    Buffer.from(number).toString('hex').toUpperCase(),
    Buffer.from(number).toString('hex').replace(/../g, '0x$& '),
    encodeURIComponent('4242 4242 4242 4242'),
    [...number].map((digit) => `%3${digit}`).join(''),
    [...number].map((digit) => `\\u003${digit}`).join(''),
    [...number].map((digit) => `&#x3${digit};`).join(''),
    [...number].map((digit) => `&#5${Number(digit) - 2};`).join(''),
    JSON.stringify(JSON.stringify({ card: { number } })),
    '{"cvc":"731"}',
    '{"cvc":731}',
    '{"CVV2": 731}',
    '{"security_code":{"value":"731"}}',
    '{"security":{"code":"731"}}',
    '{"verification_value":"731"}',
    '{"cardCode":"731"}',
    'card%5Bcvc%5D=731&x=1',
    '<cvc>731</cvc>',
    '{"secret":"731"}',
    base64('{"amount":1,"cvc":"731"}'),
  ];
  for (const text of found) {
    it(`is found as ${text.slice(0, 40)}`, () => assert.ok(finder.finds(text)));
  }

  const fine = [
    '{"last4":"4242","bin":"424242","id":"mem_731"}',
    '{"amount":731,"cvc_check":"pass","cvc_length":3}',
    '{"number":"424242******4242"}',
    '{"cvc":"7310"}',
    '4111111111111111',
    '',
  ];
  for (const text of fine) {
    it(`is not seen in ${text.slice(0, 40)}`, () => assert.ok(!finder.finds(text)));
  }

  it('is looked for in a time that a stranger cannot stretch', () => {
    const marks = (count: number) => `a${'\u0301'.repeat(count)}${'\u0316'.repeat(count)}`;
    const body = JSON.stringify({ number, [marks(7_000)]: Array(10_000).fill(1) });
    const begun = performance.now();
    assert.ok(!finder.finds(`%2541 + &#38;#65; ${marks(15_000)}`));
    const answer = { status: 200, headers: {}, body: Buffer.from(body) };
    assert.equal(showAnswer(answer, finder).redacted, 'replaced');
    assert.ok(performance.now() - begun < 3_000);
  });

  it('is found by the name of its member, however it is written', () => {
    const shown = (body: unknown) =>
      showAnswer({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(body)) }, finder);
    const removed = '[card data removed]';
    assert.deepEqual(shown({ id: 1, cvc: 731 }).body, { id: 1, cvc: removed });
    assert.deepEqual(shown({ ｃｖｃ: ['７３１'] }).body, { ｃｖｃ: [removed] });
  });
});

describe('a code within a member that is for it', () => {
  const shown = (body: unknown) => {
    const told = { status: 200, headers: {}, body: Buffer.from(JSON.stringify(body)) };
    return showAnswer(told, finder);
  };
  it('is replaced, however deep, in lists and as a number', () => {
    const gone = '[card data removed]';
    for (const [name, value] of [
      ['cvc', '731'],
      ['secret', 731],
    ] as const) {
      const { body, redacted } = shown({ [name]: { check: [{ given: { as: value } }] }, a: 731 });
      assert.deepEqual(body, { [name]: { check: [{ given: { as: gone } }] }, a: 731 });
      assert.equal(redacted, 'replaced');
    }
    assert.equal(shown({ price: { total: { value: 731 } } }).redacted, 'none');
  });
});
