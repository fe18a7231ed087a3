import assert from 'node:assert/strict';
import { it } from 'node:test';
import { networkOf } from './network-of.ts';

it('counts an IPv4 address, and the /64 of an IPv6 address', () => {
  const networks: Record<string, string> = {
    '192.0.2.7': '192.0.2.7',
    '::ffff:192.0.2.7': '192.0.2.7',
    '::1': '0:0:0:0::/64',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    '2001:db8:1:2::6': '2001:db8:1:2::/64',
    '2001:db8::6': '2001:db8:0:0::/64',
    '2001:db8:1:2:ffff::': '2001:db8:1:2::/64',
  };
  for (const [address, network] of Object.entries(networks)) {
    assert.equal(networkOf(address), network);
  }
});
