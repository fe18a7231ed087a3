import { secureBytes } from '../core/random.ts';

/** A point of the polynomials: `x` is the number of the share, 1 to 255; a byte of `y` for each. */
export type Point = { x: number; y: Buffer };

/**
 * Shamir's secret sharing over GF(256): a random polynomial per byte of the secret, which is its
 * value at 0. Each share is as long as the secret, and fewer than `threshold` of them say nothing
 * about it (PCI DSS 3.7.6: a key that is cut into parts does not do).
 *
 * @param threshold at least 2, at most `shares`, which is at most 255
 * @see Adi Shamir, How to Share a Secret, Communications of the ACM 22 (1979)
 */
export function splitSecret(secret: Uint8Array, shares: number, threshold: number): Point[] {
  if (!(threshold >= 2 && threshold <= shares && shares <= 255)) {
    throw new RangeError('threshold and number of shares do not fit');
  }
  // One row per power; the secret is that of 0. No row may be left out, even one that is all zero.
  const rows = [Buffer.from(secret), ...times(threshold - 1, () => secureBytes(secret.length))];
  const points = times(shares, (index) => {
    const x = index + 1;
    const y = Buffer.alloc(secret.length);
    for (const row of rows.toReversed()) {
      for (const [at, coefficient] of row.entries()) {
        y.writeUInt8(multiply(y.readUInt8(at), x) ^ coefficient, at);
      }
    }
    return { x, y };
  });
  for (const row of rows) row.fill(0);
  return points;
}

/**
 * What the points lead to: the secret, if they are enough and right, and any bytes if not. Its
 * caller must be able to tell.
 */
export function combineSecret(points: readonly Point[]): Buffer {
  const length = points[0]?.y.length ?? 0;
  const numbers = new Set(points.map(({ x }) => x));
  const isSound = points.every(({ x, y }) => x > 0 && x < 256 && y.length === length);
  if (!isSound || numbers.size !== points.length || length === 0) {
    throw new RangeError('these points do not go together');
  }
  const secret = Buffer.alloc(length);
  for (const { x, y } of points) {
    // The value at 0 of the polynomial that is 1 here and 0 at the others. Numbers are no secrets.
    let weight = 1;
    for (const other of numbers) {
      if (other !== x) weight = multiply(weight, multiply(other, inverse(other ^ x)));
    }
    for (const [at, value] of y.entries()) {
      secret.writeUInt8(secret.readUInt8(at) ^ multiply(weight, value), at);
    }
  }
  return secret;
}

/**
 * Product in GF(256) modulo x⁸ + x⁴ + x³ + x + 1 (FIPS 197, 4.2). Without tables and branches, so
 * that neither time nor cache depends on the secret.
 */
export function multiply(a: number, b: number): number {
  let [product, left] = [0, a];
  for (let bit = 0; bit < 8; bit += 1) {
    product ^= left & -((b >> bit) & 1);
    left = ((left << 1) ^ (0x11b & -(left >> 7))) & 0xff;
  }
  return product;
}

/** a²⁵⁴ is 1/a, by Fermat. */
function inverse(a: number): number {
  let result = 1;
  for (let times = 0; times < 254; times += 1) result = multiply(result, a);
  return result;
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
