import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AddressGuard } from './address-guard.ts';

const refused = [
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.254'],
  ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.192', '192.0.2.1'],
  ...['192.88.99.1', '192.168.1.1', '198.18.0.1', '198.19.255.255', '198.51.100.7'],
  ...['203.0.113.9', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['168.63.129.16', '::', '::1', '::ffff:127.0.0.1', '::ffff:169.254.169.254'],
  ...['::ffff:a9fe:a9fe', '::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '100::1'],
  ...['2001::1', '2001:2::1', '2001:10::1', '2001:20::1', '2001:db8::1', '2002:a9fe:a9fe::1'],
  ...['2002:7f00:1::', '3fff::1', '5f00::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1'],
  ...['fec0::1', 'ff02::1', 'fe80::1%eth0', '2606:4700::1%1', '', 'localhost', '2130706433'],
];
const fine = ['1.1.1.1', '8.8.8.8', '100.63.255.255', '100.128.0.0', '172.32.0.1', '192.0.1.1'];
const fine6 = ['2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '2400:cb00::1'];

describe('AddressGuard', () => {
  const guard = new AddressGuard([]);
  for (const address of refused) {
    it(`refuses ${address}`, () => assert.equal(guard.allows(address), false));
  }
  for (const address of [...fine, ...fine6]) {
    it(`allows ${address}`, () => assert.equal(guard.allows(address), true));
  }

  it('lets the operator make exceptions, and only those', () => {
    const open = new AddressGuard(['127.0.0.0/8', '10.1.0.0/16', 'fd00::/8', '192.168.7.7']);
    for (const address of ['127.0.0.1', '10.1.9.9', 'fd00::1', '192.168.7.7', '::ffff:127.0.0.1']) {
      assert.equal(open.allows(address), true, address);
    }
    for (const address of ['10.2.0.1', '::1', 'fc00::1', '192.168.7.8', '::ffff:10.2.0.1']) {
      assert.equal(open.allows(address), false, address);
    }
  });

  it('keeps exceptions of IPv6 away from IPv4', () => {
    assert.equal(new AddressGuard(['::/0']).allows('127.0.0.1'), false);
  });

  it('names a range that is none', () => {
    for (const range of ['10.0.0.0/33', 'localhost', '10.0.0.0/8/8', '::1/129', '1.1.1.1/', '']) {
      assert.throws(() => new AddressGuard([range]), /is not a CIDR range/, range);
    }
  });
});
