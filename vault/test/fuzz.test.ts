import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { parseStrictJson, schemas } from 'payos-contract';
import { Card } from '../src/cards/card.ts';
import { parseCard, parseNumber } from '../src/cards/parse-card.ts';
import { bodyChecker } from '../src/core/check.ts';
import { Refusal } from '../src/core/problem.ts';
import { checkPlaceholders, fillPlaceholders } from '../src/forward/placeholders.ts';
import { containsNumber } from '../src/forward/scan-answer.ts';
import type { Kek } from '../src/seal/kek-store.ts';
import { SealBroken } from '../src/seal/key-provider.ts';
import { kekNameOf, openRecord, type Place, sealRecord } from '../src/seal/record.ts';
import { CreateToken } from '../src/tokens/schemas.ts';
import { anyJson, type Chance, checkDigit, fuzz, mutated, nearlyNumber } from './fuzz.ts';

const owners: Place[] = ['a', 'b'].map((name) => ({
  organization: `org_${name}`,
  mode: 'test',
  token: `tok_${name}`,
  recordType: 'card',
}));
const ends = { exp_month: 12, exp_year: 2040 };

/** What refuses may throw its own error and no other, and may not repeat what was sent. */
function refusedOr<T>(act: () => T, sent = ''): T | undefined {
  try {
    return act();
  } catch (error) {
    assert.ok(error instanceof Refusal, error instanceof Error ? error.stack : String(error));
    const said = JSON.stringify([error.code, error.extras]);
    const [run] = sent.match(/\d{8,}/) ?? [];
    assert.ok(run === undefined || !said.includes(run), `repeats what was sent: ${said}`);
    return undefined;
  }
}

describe('the record format', () => {
  const keyOf = (chance: Chance): Kek => ({
    id: chance.bytes(16).toString('hex'),
    version: 1 + chance.below(9),
    key: createSecretKey(chance.bytes(32)),
  });
  const breaks = (kek: Kek, place: Place, record: Buffer) => {
    assert.throws(() => openRecord(kek, place, record), SealBroken);
  };

  it('breaks when it is cut, extended, spliced or changed, and never otherwise fails', () => {
    fuzz(400, (chance) => {
      const kek = keyOf(chance);
      const [here, there] = owners as [Place, Place];
      const plain = chance.bytes(chance.below(60));
      const one = sealRecord(kek, here, plain);
      const two = sealRecord(kek, chance.oneOf([here, there]), chance.bytes(plain.length));
      assert.deepEqual(openRecord(kek, here, one), plain);
      breaks(kek, there, one);
      breaks(kek, here, one.subarray(0, chance.below(one.length)));
      breaks(kek, here, Buffer.concat([one, chance.bytes(1 + chance.below(40))]));
      const from = chance.below(one.length);
      const to = from + 1 + chance.below(one.length - from);
      const mixed = Buffer.from(one);
      two.copy(mixed, from, from, to);
      if (!mixed.equals(one) && !mixed.equals(two)) breaks(kek, here, mixed);
      const changed = Buffer.from(one);
      const at = chance.below(one.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << chance.below(8));
      breaks(kek, here, changed);
      const swapped = Buffer.concat([one.subarray(at), one.subarray(0, at)]);
      if (!swapped.equals(one)) breaks(kek, here, swapped);
    });
  });

  it('knows what is no record at all', () => {
    fuzz(800, (chance) => {
      const kek = keyOf(chance);
      const junk = chance.bytes(chance.below(300));
      if (chance.oncePer(2)) Buffer.from('PYOS\u0001\u0001', 'latin1').copy(junk);
      breaks(kek, owners[0] as Place, junk);
      try {
        assert.match(kekNameOf(junk).id, /^[0-9a-f]{32}$/);
      } catch (error) {
        assert.ok(error instanceof SealBroken, String(error));
      }
    });
  });

  it('gives bytes that are a card or no card, and no third thing', () => {
    fuzz(800, (chance) => {
      const bytes = new Card(Buffer.from('4242424242424242'), 12, 2040, 'Ada').toBytes();
      bytes[chance.below(bytes.length)] = chance.below(256);
      const cut = bytes.subarray(0, chance.below(bytes.length + 1));
      try {
        Card.fromBytes(cut).wipe();
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
      }
    });
  });
});

describe('the number parser', () => {
  it('takes 12 to 19 ASCII digits with the right check digit, and nothing else', () => {
    let taken = 0;
    fuzz(4000, (chance) => {
      const text = nearlyNumber(chance);
      const parsed = parseNumber(text);
      const digits = text.replaceAll(/[^0-9]/g, '');
      const isPlain = [...text].every((char) => '0123456789 -'.includes(char));
      const isNumber = checkDigit([...digits.slice(0, -1)].map(Number)) === digits.at(-1);
      if ('digits' in parsed) {
        taken += 1;
        assert.equal(parsed.digits.toString('latin1'), digits);
        assert.ok(isPlain && isNumber && digits.length >= 12 && digits.length <= 19, text);
        assert.ok(/^\d.*\d$/.test(text) && !/[ -][ -]/.test(text), text);
      } else if (isNumber && text === digits && digits.length >= 12 && digits.length <= 19) {
        // Only its brand may know better.
        assert.equal(parsed.error.code, 'invalid_length', text);
      }
    });
    assert.ok(taken > 300, `only ${taken} numbers were taken: nothing was tried`);
  });

  it('refuses every digit of Unicode but the ASCII ones, wherever it stands', () => {
    for (let point = 0x80; point <= 0x1ffff; point += 1) {
      const char = String.fromCodePoint(point);
      if (!/\p{N}/u.test(char)) continue;
      assert.ok('error' in parseNumber(`${char}242424242424242`), `U+${point.toString(16)}`);
      assert.ok('error' in parseNumber(`424242424242424${char}`), `U+${point.toString(16)}`);
    }
  });

  it('is reached by strings only, and no refusal repeats them', () => {
    const check = bodyChecker(CreateToken);
    const body = { type: 'card', card: { number: '4242424242424242', cvc: '123', ...ends } };
    fuzz(3000, (chance) => {
      const number = chance.oncePer(3) ? anyJson(chance) : nearlyNumber(chance);
      const sent = mutated({ ...body, card: { ...body.card, number } }, chance);
      refusedOr(() => {
        const { card } = check(sent);
        assert.equal(typeof card.number, 'string');
        parseCard(card, chance.oneOf(['test', 'live']), Date.UTC(2030, 0)).wipe();
      }, JSON.stringify(sent) ?? '');
    });
  });
});

describe('placeholders', () => {
  const values = {
    'card.number': 'NUMBER',
    'card.exp_month': 12,
    'card.exp_year': 2040,
    'card.code': 'CODE',
    'card.name': '{{card.number}}',
  } as const;

  it('are filled in their own places, once, and nowhere else', () => {
    const card = Object.keys(values).map((name) => [name.slice(5), `{{${name}}}`]);
    const body = { amount: 1, reference: 'r', card: Object.fromEntries(card) };
    const odd = [
      '{{card.number}}',
      '{{card.code}}',
      '{{',
      '{{{{card.number}}}}',
      '{{Card.number}}',
    ];
    fuzz(3000, (chance) => {
      let sent: unknown = body;
      for (let change = chance.below(4); change > 0; change -= 1) sent = mutated(sent, chance);
      const text = JSON.stringify(sent) ?? 'null';
      if (chance.oncePer(3)) {
        const strings = text.match(/"[^"\\]*"/g) ?? ['""'];
        const changed = text.replace(chance.oneOf(strings), () => `"${chance.oneOf(odd)}"`);
        const parsed = parseStrictJson(changed);
        if (!parsed.ok) return;
        sent = parsed.value;
      }
      refusedOr(() => {
        checkPlaceholders(sent);
        const filled = JSON.stringify(fillPlaceholders(sent, values)) ?? '';
        const found = filled.split('"NUMBER"').length - 1;
        const inPlace = (JSON.parse(filled) as { card?: { number?: unknown } } | null)?.card;
        assert.ok(found <= 1 && (found === 0 || inPlace?.number === 'NUMBER'), filled);
        assert.ok(!/"NUMBER[^"]|[^"]NUMBER"/.test(filled), filled);
      });
    });
  });
});

describe('an answer that repeats the number', () => {
  it('is found however it is written', () => {
    const number = '4242424242424242';
    const writings: ((digits: string, chance: Chance) => string)[] = [
      (digits) => digits,
      (digits, chance) => [...digits].join(chance.oneOf([' ', '-', '.', ' - '])),
      (digits) => encodeURIComponent(digits.replace(/(.{4})/g, '$1 ')),
      (digits) => [...digits].map((digit) => `%3${digit}`).join(''),
      (digits) => [...digits].map((digit) => `\\u003${digit}`).join(''),
      (digits) => [...digits].map((digit) => `&#${digit.charCodeAt(0)};`).join(''),
      (digits) => Buffer.from(digits).toString('hex'),
      (digits) => Buffer.from(digits).toString('hex').toUpperCase(),
    ];
    fuzz(600, (chance) => {
      const around = () => chance.bytes(chance.below(20)).toString('base64');
      const inBase64 = Buffer.concat([
        chance.bytes(chance.below(20)),
        Buffer.from(number),
        chance.bytes(chance.below(20)),
      ]).toString('base64');
      const written = chance.oneOf([...writings, () => inBase64])(number, chance);
      const answer = `${around()} ${written} ${around()}`;
      assert.ok(containsNumber(answer, Buffer.from(number)), answer);
    });
  });
});

describe('strict JSON', () => {
  type Made = { text: string; isFine: boolean };
  const make = (chance: Chance, depth: number): Made => {
    if (depth === 0 || chance.oncePer(3)) {
      const text = chance.oncePer(2) ? chance.text(6) : `${chance.below(1e9)}`;
      return { text: JSON.stringify(text), isFine: text.isWellFormed() && !text.includes('\0') };
    }
    const inner = Array.from({ length: chance.below(4) }, () => make(chance, depth - 1));
    const isFine = inner.every((one) => one.isFine);
    if (chance.oncePer(2)) return { text: `[${inner.map((one) => one.text).join(' ,')}]`, isFine };
    const names = inner.map(() => chance.oneOf(['a', 'b', 'c', 'd', 'toString', '__proto__']));
    const written = (name: string) =>
      chance.oncePer(3)
        ? `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`
        : JSON.stringify(name);
    const members = inner.map((one, at) => `${written(names[at] ?? '')}\n: ${one.text}`);
    const isClear = new Set(names).size === names.length && !names.includes('__proto__');
    return { text: `{${members.join(',')}}`, isFine: isFine && isClear };
  };

  it('takes what every parser reads alike, and nothing else', () => {
    fuzz(3000, (chance) => {
      const { text, isFine } = make(chance, 5);
      const parsed = parseStrictJson(text);
      assert.equal(parsed.ok, isFine, text);
      if (parsed.ok) assert.deepEqual(parsed.value, JSON.parse(text));
      const at = chance.below(text.length);
      const broken = text.slice(0, at) + chance.text(2) + text.slice(at + chance.below(3));
      const again = parseStrictJson(broken);
      if (again.ok) assert.deepEqual(again.value, JSON.parse(broken));
    });
  });

  it('ends at 16 levels, and survives a million', () => {
    for (const depth of [16, 17, 1_000_000]) {
      const parsed = parseStrictJson('['.repeat(depth) + ']'.repeat(depth));
      assert.equal(parsed.ok, depth <= 16, `${depth}`);
    }
  });
});

describe('what the control plane sends', () => {
  const id = (prefix: string) => `${prefix}_${'1'.repeat(22)}`;
  const owner = { organization: id('org'), mode: 'test', token: id('tok') };
  const request = { method: 'POST', url: 'https://a.example/', headers: { a: 'b' }, body: {} };
  const bodies = [
    [schemas.DescribeTokens, { tokens: [owner] }],
    [schemas.KeepToken, owner],
    [schemas.DeleteToken, owner],
    [
      schemas.Forward,
      {
        ...owner,
        attempt: id('att'),
        retain: false,
        saved: false,
        timeout_ms: 1000,
        not_after_ms: 1,
        request: { ...request, body: { card: { number: '{{card.number}}' }, amount: 1 } },
      },
    ],
  ] as const;

  it('is taken or refused, never repeated, and never ends the process', () => {
    const checks = bodies.map(([schema, body]) => [bodyChecker(schema), body] as const);
    for (const [check, body] of checks) assert.deepEqual(check(body), body);
    fuzz(2500, (chance) => {
      const [check, body] = chance.oneOf(checks);
      const sent = mutated(mutated(body, chance), chance);
      refusedOr(() => check(sent), JSON.stringify(sent) ?? '');
    });
  });
});
