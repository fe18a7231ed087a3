import { randomBytes, randomInt } from 'node:crypto';
import { encodeBase58 } from 'payos-contract';

/** `<prefix>_<22 base58 characters>`: 6 bytes of time, so that ids sort by age, 10 of chance. */
export function newId(prefix: 'ch' | 'op', time: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(time, 0, 6);
  return `${prefix}_${encodeBase58(bytes)}`;
}

/** True in `ratio` (0 to 1) of all calls. */
export function happens(ratio: number): boolean {
  return ratio > 0 && randomInt(1_000_000) < ratio * 1_000_000;
}
