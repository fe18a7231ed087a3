import { createHash } from 'node:crypto';
import { lengthPrefixed } from '../core/bytes.ts';
import type { Point } from './shamir.ts';

/** A share as its custodian has it. */
export type Share = Point & {
  /** Which splitting it is of: 8 hexadecimal digits. */
  set: string;
};

/** Text: name, set, number, the share's bytes in hexadecimal, and a checksum against mistyping. */
export function formatShare(share: Share): string {
  const { set, x, y } = share;
  return `payos-share-${set}-${x}-${y.toString('hex')}-${checksum(share)}`;
}

/** The share, or nothing if the text is none, or was mistyped. */
export function parseShare(text: string): Share | undefined {
  const form = /^payos-share-([0-9a-f]{8})-([1-9]\d{0,2})-([0-9a-f]{64})-([0-9a-f]{8})$/;
  const [, set = '', number = '', bytes = '', sum] = form.exec(text.trim().toLowerCase()) ?? [];
  const share = { set, x: Number(number), y: Buffer.from(bytes, 'hex') };
  return sum !== undefined && share.x < 256 && checksum(share) === sum ? share : undefined;
}

function checksum({ set, x, y }: Share): string {
  const input = lengthPrefixed(['payos/share/v1', set, x, y]);
  const sum = createHash('sha256').update(input).digest('hex').slice(0, 8);
  input.fill(0);
  return sum;
}
