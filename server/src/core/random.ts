import { randomBytes, randomFillSync } from 'node:crypto';
import { encodeBase58, type IdKind, idPrefixes } from 'payos-contract';
import { clock } from './clock.ts';

/** The only place where the server draws randomness. */
const pool = Buffer.alloc(4096);
let offset = pool.length;

/** `length` bytes from the CSPRNG. For secrets. */
export function secretBytes(length: number): Buffer {
  return randomBytes(length);
}

/** A number in [0, 1) for jitter. */
export function jitter(): number {
  return draw(4).readUInt32BE() / 2 ** 32;
}

/** A new id of which nothing may be guessable: 128 random bits. */
export function secretId(kind: IdKind): string {
  return `${idPrefixes[kind]}_${encodeBase58(randomBytes(16))}`;
}

/** A new id: its prefix and a UUIDv7 (RFC 9562 §5.7) in base58, so that ids sort by time. */
export function newId(kind: IdKind): string {
  const bytes = Buffer.from(draw(16));
  bytes.writeUIntBE(clock.nowMs(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return `${idPrefixes[kind]}_${encodeBase58(bytes)}`;
}

function draw(length: number): Buffer {
  if (offset + length > pool.length) {
    randomFillSync(pool);
    offset = 0;
  }
  offset += length;
  return pool.subarray(offset - length, offset);
}
