import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { removeCardNumbers } from './card-scan.ts';

const removed = '[card number removed]';

describe('the last net for card numbers', () => {
  const caught = [
    ['4242424242424242', removed],
    ['4242 4242 4242 4242', removed],
    ['{"a":"5555-5555-5555-4444"}', `{"a":"${removed}"}`],
    ['371449635398431,', `${removed},`],
    ['3714 496353 98431', removed],
    ['36227206271667', removed],
    ['2223003122003222', removed],
    ['6011111111111117', removed],
    ['3566002020360505', removed],
    ['6205500000000000004', removed],
    ['card-4242424242424242.', `card-${removed}.`],
    ['4242 4242 4242 4242 12 40 123', `${removed} 12 40 123`],
    ['no 17: 4242424242424242', `no 17: ${removed}`],
    ['{"a":"1.4242424242424242"}', `{"a":"1.${removed}"}`],
    ['12.4242424242424242.', `12.${removed}.`],
    ['{"a":4242424242424242.5}', `{"a":${removed}.5}`],
  ];
  for (const [text = '', clean] of caught) {
    it(`takes out ${text}`, () => assert.equal(removeCardNumbers(text).text, clean));
  }

  it('counts, and puts something else in their place', () => {
    const { text, found } = removeCardNumbers('{"a":4242424242424242,"b":"371449635398431"}', '0');
    assert.deepEqual([text, found], ['{"a":0,"b":"0"}', 2]);
  });

  it('leaves ids, times and amounts alone', () => {
    const fine = [
      '4242424242424243',
      '1763933000000',
      '1763933000000000000',
      '2026-11-23T22:14:15.123Z',
      'tok_4242424242424242abcdef',
      'a4242424242424242',
      '00-4bf92f3577b34da6a3ce929d0e0e4736-4242424242424242-01',
      '"amount":999999999999,"port":8443',
      '127.0.0.1 192.168.100.200',
      '{"held_ms":301.4242424242424242,"age_ms":-0.5555555555554444}',
      '[1.4242424242424242]',
    ];
    for (const text of fine) assert.deepEqual(removeCardNumbers(text), { text, found: 0 });
  });
});
