import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { combineSecret, multiply, type Point, splitSecret } from './shamir.ts';
import { formatShare, parseShare } from './share.ts';

/** Long multiplication of polynomials, then long division by x⁸ + x⁴ + x³ + x + 1. */
function slowly(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit += 1) if ((b & (1 << bit)) !== 0) product ^= a << bit;
  for (let bit = 14; bit >= 8; bit -= 1) {
    if ((product & (1 << bit)) !== 0) product ^= 0x11b << (bit - 8);
  }
  return product;
}

function subsets<T>(all: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return all.flatMap((one, at) =>
    subsets(all.slice(at + 1), size - 1).map((others) => [one, ...others]),
  );
}

describe('secret sharing', () => {
  it('multiplies in the field of AES', () => {
    for (let a = 0; a < 256; a += 1) {
      for (let b = 0; b < 256; b += 1) assert.equal(multiply(a, b), slowly(a, b));
    }
    // FIPS 197, 4.2.
    assert.equal(multiply(0x57, 0x83), 0xc1);
  });

  it('gives the secret to any enough, in any order, and to no fewer', () => {
    const secret = randomBytes(32);
    for (const [shares, threshold] of [
      [2, 2],
      [5, 3],
      [6, 6],
      [7, 2],
    ] as const) {
      const points = splitSecret(secret, shares, threshold);
      for (let size = 1; size <= shares; size += 1) {
        for (const some of subsets(points, size)) {
          const isIt = combineSecret(some.toReversed()).equals(secret);
          assert.equal(isIt, size >= threshold);
        }
      }
    }
  });

  it('agrees with points worked out by hand', () => {
    // 0x2a + 0x05·x: 0x2f at 1, 0x20 at 2.
    const points = [
      { x: 1, y: Buffer.from([0x2f]) },
      { x: 2, y: Buffer.from([0x20]) },
    ];
    assert.deepEqual(combineSecret(points), Buffer.from([0x2a]));
  });

  it('leaves fewer shares with every secret, equally likely', () => {
    // Whatever two of three say, one point completes them to each value there is.
    const [one, two] = splitSecret(Buffer.from([7]), 3, 3) as [Point, Point, Point];
    const seen = new Set<number>();
    for (let y = 0; y < 256; y += 1) {
      seen.add(combineSecret([one, two, { x: 3, y: Buffer.from([y]) }]).readUInt8(0));
    }
    assert.equal(seen.size, 256);
    // And what one says is no habit of its maker.
    const values = new Set<number>();
    for (let round = 0; round < 3_000; round += 1) {
      values.add(splitSecret(Buffer.from([7]), 2, 2)[0]?.y.readUInt8(0) ?? -1);
    }
    assert.equal(values.size, 256);
  });

  it('refuses what cannot be shares of one secret', () => {
    const [one, two] = splitSecret(randomBytes(4), 2, 2) as [Point, Point];
    assert.throws(() => combineSecret([one, one]), RangeError);
    assert.throws(() => combineSecret([one, { ...two, x: 0 }]), RangeError);
    assert.throws(() => combineSecret([one, { ...two, y: Buffer.alloc(3) }]), RangeError);
    assert.throws(() => combineSecret([]), RangeError);
    assert.throws(() => splitSecret(Buffer.alloc(1), 5, 1), RangeError);
    assert.throws(() => splitSecret(Buffer.alloc(1), 2, 3), RangeError);
  });

  it('writes shares in a form that shows mistyping', () => {
    const share = { set: '0badcafe', x: 3, y: randomBytes(32) };
    const text = formatShare(share);
    assert.deepEqual(parseShare(` ${text.toUpperCase()}\n`), share);
    for (let at = 0; at < text.length; at += 1) {
      const digit = text[at] === '1' ? '2' : '1';
      assert.equal(parseShare(text.slice(0, at) + digit + text.slice(at + 1)), undefined, text);
    }
    assert.equal(parseShare(text.slice(0, -1)), undefined);
  });
});
