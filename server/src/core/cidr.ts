import { Ranges } from './network.ts';

type Trouble = { code: string; message: string; fix: string };

/**
 * What is wrong with a CIDR range (RFC 4632, RFC 4291 §2.3); undefined: nothing. Where bits are
 * set behind the prefix, somebody may have meant one address and named a network.
 */
export function troubleWith(range: string): Trouble | undefined {
  if (!isRange(range)) {
    const message = 'This is not a range of addresses.';
    return { code: 'not_cidr', message, fix: 'Write it like 203.0.113.0/24.' };
  }
  const [address = '', prefix] = range.split('/');
  const { first, isFirst } = firstOf(address, Number(prefix));
  if (isFirst) return undefined;
  return {
    code: 'host_bits',
    message: `${range} names an address within ${first}/${prefix}.`,
    fix: `Write ${first}/${prefix}, or ${address}/${address.includes(':') ? 128 : 32} alone.`,
  };
}

function isRange(range: string): boolean {
  if (!/^[0-9A-Fa-f.:]+\/\d{1,3}$/.test(range)) return false;
  try {
    // What the check of every request cannot take must never be stored.
    new Ranges([range]).include('127.0.0.1');
    return true;
  } catch {
    return false;
  }
}

/** The first address of the network that an address is in, and whether it is that one. */
function firstOf(address: string, prefix: number): { first: string; isFirst: boolean } {
  const isLong = address.includes(':');
  const parts = isLong ? groupsOf(address) : address.split('.').map(Number);
  const bits = isLong ? 16 : 8;
  const kept = parts.map((part, at) => {
    const free = Math.min(bits, Math.max(0, bits * (at + 1) - prefix));
    return (part >> free) << free;
  });
  const isFirst = kept.every((part, at) => part === parts[at]);
  if (!isLong) return { first: kept.join('.'), isFirst };
  return { first: shortened(kept.map((part) => part.toString(16)).join(':')), isFirst };
}

function groupsOf(address: string): number[] {
  const [head = '', tail] = shortened(address).split('::');
  const [before, after] = [head, tail ?? ''].map((text) => (text === '' ? [] : text.split(':')));
  const [front = [], back = []] = [before, after];
  const zeros = Array<string>(8 - front.length - back.length).fill('0');
  return [...front, ...zeros, ...back].map((group) => Number.parseInt(group, 16));
}

/** As RFC 5952 writes an IPv6 address. */
const shortened = (address: string) => new URL(`http://[${address}]`).hostname.slice(1, -1);
