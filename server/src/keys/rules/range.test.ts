import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ranges } from '../../core/network.ts';
import { rangeOf } from './range.ts';

/** An address of a range by its number, as `Ranges` reads addresses. */
function addressOf(family: 'ipv4' | 'ipv6', value: bigint): string {
  const [groups, bits] = family === 'ipv4' ? [4, 8n] : [8, 16n];
  const parts = Array.from({ length: groups }, (_, index) => {
    const part = (value >> (bits * BigInt(groups - 1 - index))) & ((1n << bits) - 1n);
    return part.toString(family === 'ipv4' ? 10 : 16);
  });
  return parts.join(family === 'ipv4' ? '.' : ':');
}

describe('a range', () => {
  const texts = [
    ...['203.0.113.0/24', '203.0.113.77/24', '10.1.2.3/32', '0.0.0.0/0', '172.16.0.0/12'],
    ...['2001:db8::/32', '2001:db8:0:7::1/64', '::1/128', '::/0', '1:2:3:4:5:6:7:8/127'],
    ...['::ffff:203.0.113.9/120', 'fe80::/10', '64:ff9b::192.0.2.33/96'],
  ];
  for (const text of texts) {
    it(`${text} begins and ends where requests are let in`, () => {
      const { family, first, last } = rangeOf(text);
      const ranges = new Ranges([text]);
      const most = (1n << (family === 'ipv4' ? 32n : 128n)) - 1n;
      assert.ok(ranges.include(addressOf(family, first)));
      assert.ok(ranges.include(addressOf(family, last)));
      if (first > 0n) assert.ok(!ranges.include(addressOf(family, first - 1n)));
      if (last < most) assert.ok(!ranges.include(addressOf(family, last + 1n)));
    });
  }
});
