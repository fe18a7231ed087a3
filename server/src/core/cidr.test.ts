import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubleWith } from './cidr.ts';

test('networks by their first address are taken', () => {
  for (const range of [
    ...['10.0.0.0/8', '0.0.0.0/0', '203.0.113.7/32', '203.0.113.6/31', '172.16.0.0/12'],
    ...['::/0', '2001:db8::/32', '2001:DB8:0:0::/48', '::1/128', '::ffff:10.0.0.0/104'],
  ]) {
    assert.equal(troubleWith(range), undefined, range);
  }
});

test('an address within a network is refused, with the network that it is in', () => {
  for (const [range, first] of [
    ['10.0.0.1/8', '10.0.0.0/8'],
    ['203.0.113.7/31', '203.0.113.6/31'],
    ['172.17.0.0/12', '172.16.0.0/12'],
    ['255.255.255.255/0', '0.0.0.0/0'],
    ['2001:db8::1/32', '2001:db8::/32'],
    ['2001:db8:8000::/33', undefined],
    ['2001:db8:c000::/33', '2001:db8:8000::/33'],
    ['::ffff:10.0.0.1/104', '::ffff:a00:0/104'],
  ] as const) {
    const trouble = troubleWith(range);
    assert.equal(trouble?.code, first === undefined ? undefined : 'host_bits', range);
    if (first !== undefined) assert.ok(trouble?.fix.startsWith(`Write ${first}, or `), range);
  }
});

test('what is no range is none', () => {
  for (const range of ['10.0.0.0', '10.0.0.0/33', '::/129', '10.0.0/8', '1::2::3/64', 'a/8', '']) {
    assert.equal(troubleWith(range)?.code, 'not_cidr', range);
  }
});
