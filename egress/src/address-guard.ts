import { BlockList, isIP } from 'node:net';
import { refusedIpv4, refusedIpv6 } from './special-ranges.ts';

/**
 * Which addresses PayOS connects to on a user's word: public ones, and those the operator allows.
 * IPv4 and IPv6 rules are kept apart, because a `BlockList` also matches IPv4 addresses with the
 * IPv6 rules that cover their mapped form.
 */
export class AddressGuard {
  readonly #refused4 = listOf(refusedIpv4, 4);
  readonly #refused6 = listOf(refusedIpv6, 6);
  readonly #allowed4: BlockList;
  readonly #allowed6: BlockList;

  /**
   * @param allow CIDR ranges or single addresses that are fine although special
   * @throws Error that names the range that is none
   */
  constructor(allow: readonly string[]) {
    this.#allowed4 = listOf(
      allow.filter((range) => familyOf(range) === 4),
      4,
    );
    this.#allowed6 = listOf(
      allow.filter((range) => familyOf(range) === 6),
      6,
    );
  }

  /** Whether to connect to this address, given as text without brackets. */
  allows(address: string): boolean {
    // Zones (fe80::1%eth0) name links of this machine.
    if (address.includes('%')) return false;
    const family = isIP(address);
    if (family === 4) {
      return this.#allowed4.check(address, 'ipv4') || !this.#refused4.check(address, 'ipv4');
    }
    if (family !== 6) return false;
    // An IPv4-mapped address is what it maps to: only the IPv4 exceptions can let it through.
    if (this.#allowed4.check(address, 'ipv6') || this.#allowed6.check(address, 'ipv6')) return true;
    return !this.#refused6.check(address, 'ipv6');
  }
}

function familyOf(range: string): 4 | 6 {
  const [address = '', prefix, ...rest] = range.split('/');
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  const whole = prefix === undefined || /^\d{1,3}$/.test(prefix);
  if (family === 0 || address.includes('%') || !whole || length > bits || rest.length > 0) {
    throw new Error(`"${range}" is not a CIDR range such as 10.0.0.0/8`);
  }
  return family === 4 ? 4 : 6;
}

function listOf(ranges: readonly string[], family: 4 | 6): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const length = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
    list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
