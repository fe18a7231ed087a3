import { Ranges } from '../core/network.ts';

/** Whether an address lies in one of the CIDR ranges; no ranges allow every address. */
export function isWithin(ranges: readonly string[], address: string): boolean {
  return ranges.length === 0 || new Ranges(ranges).include(address);
}
