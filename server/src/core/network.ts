import { BlockList, isIPv6 } from 'node:net';

/** What limits count: an IPv4 address, or the /64 that an IPv6 customer has to send from. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  const missing = 8 - groups.length - (tail === undefined ? 0 : tail.split(':').length);
  const filled = tail === undefined ? groups : [...groups, ...Array(missing).fill('0')];
  return filled.slice(0, 4).join(':');
}

/**
 * CIDR ranges, to look addresses up in. A range without a prefix is one address.
 *
 * @throws Error when one of them is not a range
 */
export class Ranges {
  readonly #list = new BlockList();

  constructor(ranges: readonly string[]) {
    for (const range of ranges) {
      const [address = '', prefix] = range.split('/');
      const family = familyOf(address);
      this.#list.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
    }
  }

  include(address: string): boolean {
    return this.#list.check(address, familyOf(address));
  }
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** Whether a text is an IPv6 address, or a range of them, and nothing else. */
export const isIpv6Range = (text: string) => isIPv6(text.replace(/\/\d{1,3}$/, ''));
