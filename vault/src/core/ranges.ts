import { BlockList, isIPv6 } from 'node:net';

/**
 * CIDR ranges, to look addresses up in. A range without a prefix is one address. Throws when one of
 * them is not a range.
 */
export function createRanges(ranges: readonly string[]) {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = familyOf(address);
    list.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return { include: (address: string) => list.check(address, familyOf(address)) };
}

export type AddressRanges = ReturnType<typeof createRanges>;

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
