/** A CIDR range by its first and last address, as numbers. */
export type Range = { family: 'ipv4' | 'ipv6'; first: bigint; last: bigint };

/** Reads a range that `Ranges` of core/network.ts takes. */
export function rangeOf(text: string): Range {
  const [address = '', prefix] = text.split('/');
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const bits = family === 'ipv6' ? 128 : 32;
  const size = 1n << BigInt(bits - Number(prefix ?? bits));
  const value = family === 'ipv6' ? valueOf6(address) : valueOf4(address);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}

function valueOf4(address: string): bigint {
  return address.split('.').reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

function valueOf6(address: string): bigint {
  // The last 32 bits may be written as an IPv4 address (RFC 4291 §2.2).
  const plain = address.replace(/[\d.]+\.[\d.]+$/, (tail) => {
    const value = valueOf4(tail);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const groupsOf = (part: string | undefined) => (part ? part.split(':') : []);
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  const groups = [...before, ...zeros, ...after];
  return groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}
