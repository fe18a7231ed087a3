import assert from 'node:assert/strict';

/** Chance that can be had again: the same seed gives the same values (mulberry32). */
export type Chance = {
  /** An integer from 0 to below `limit`. */
  below(limit: number): number;
  oneOf<T>(values: readonly T[]): T;
  /** True once in `n`. */
  oncePer(n: number): boolean;
  bytes(length: number): Buffer;
  /** Text of code points of any kind: controls, halves of pairs, digits of other scripts. */
  text(longest: number): string;
};

function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const oneOf = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const points = [0x20, 0x80, 0x800, 0x10000, 0x110000];
  return {
    below,
    oneOf,
    oncePer: (n) => below(n) === 0,
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
    text: (longest) =>
      Array.from({ length: below(longest + 1) }, () =>
        String.fromCodePoint(below(oneOf(points))),
      ).join(''),
  };
}

const setting = (name: string) => Number(process.env[name] ?? 0);

/**
 * Runs `round` with one seed after the other: so many in a test run, and for
 * `PAYOS_FUZZ_SECONDS` when that is set, from `PAYOS_FUZZ_SEED` or a seed by chance on. What fails
 * names its seed; `PAYOS_FUZZ_SEED=<seed>` begins with it.
 */
export function fuzz(rounds: number, round: (chance: Chance) => void): void {
  const seconds = setting('PAYOS_FUZZ_SECONDS');
  const end = Date.now() + seconds * 1000;
  const first = setting('PAYOS_FUZZ_SEED') || (seconds > 0 ? Date.now() % 2 ** 31 : 1);
  for (let seed = first; seed < first + rounds || Date.now() < end; seed += 1) {
    try {
      round(chanceOf(seed));
    } catch (error) {
      assert.fail(`PAYOS_FUZZ_SEED=${seed}: ${error instanceof Error ? error.stack : error}`);
    }
  }
}

const digitBlocks = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10, 0x1d7ce, 0x1d7f6, 0x1fbf0];
const strangers = '\0\t\n\r\v\u00a0\u00ad\u200b\u200d\u2010\u2028\u202e\u3000\ufeff.,_/+eExX';

/** A text much like a card number: digits, often with something in or around them. */
export function nearlyNumber(chance: Chance): string {
  const length = chance.oneOf([10, 11, 12, 13, 15, 16, 16, 16, 18, 19, 20, 21, 40, 41, 5000]);
  const prefix = chance.oneOf(['4', '51', '2221', '34', '36', '6011', '35', '62', '9', '0', '50']);
  const digits = [...prefix.padEnd(length - 1, '0')].map((digit, at) =>
    at < prefix.length ? digit : String(chance.below(10)),
  );
  if (!chance.oncePer(4)) digits.push(checkDigit(digits.map(Number)));
  for (let change = chance.below(4); change > 0; change -= 1) {
    const at = chance.below(digits.length + 1);
    const block = chance.oneOf(digitBlocks);
    const odd = String.fromCodePoint(block + chance.below(10));
    const put = chance.oneOf([' ', '-', ' ', '-', '  ', '- ', odd, chance.oneOf([...strangers])]);
    digits.splice(at, put === odd ? 1 : 0, put);
  }
  return digits.join('');
}

/** The digit that makes `digits` pass ISO/IEC 7812-1, annex B: written unlike the parser's. */
export function checkDigit(digits: readonly number[]): string {
  const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
  const sum = digits
    .toReversed()
    .reduce((total, digit, at) => total + (at % 2 === 0 ? (doubled[digit] ?? 0) : digit), 0);
  return String((10 - (sum % 10)) % 10);
}

/** A value as JSON can carry it. */
export function anyJson(chance: Chance, depth = 3): unknown {
  const leaf = [null, true, 0, -1, 1e300, 4242424242424242, '', chance.text(12)];
  if (depth === 0 || chance.oncePer(2)) return chance.oneOf([...leaf, nearlyNumber(chance)]);
  const items = Array.from({ length: chance.below(4) }, () => anyJson(chance, depth - 1));
  if (chance.oncePer(2)) return items;
  return Object.fromEntries(items.map((item) => [chance.text(8) || 'name', item]));
}

/** The same value with one thing in it replaced, left out or added. */
export function mutated(value: unknown, chance: Chance): unknown {
  if (typeof value !== 'object' || value === null || chance.oncePer(5)) return anyJson(chance);
  const entries = Object.entries(value);
  const at = chance.below(entries.length + 1);
  const [name, item] = entries[at] ?? [chance.oneOf(['card', 'toString', chance.text(8)]), null];
  if (chance.oncePer(4)) entries.splice(at, 1);
  else entries[at] = [name, mutated(item, chance)];
  return Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries);
}
