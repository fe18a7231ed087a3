import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { base62FromBytes, formatApiKey, parseApiKey } from './api-key-format.ts';
import { crc32 } from './crc32.ts';
import { cardErrors } from './errors/card-errors.ts';
import { credentialErrors } from './errors/credential-errors.ts';
import { forwardErrors } from './errors/forward-errors.ts';
import { keyErrors } from './errors/key-errors.ts';
import { peopleErrors } from './errors/people-errors.ts';
import { requestErrors } from './errors/request-errors.ts';
import { stateErrors } from './errors/state-errors.ts';
import { errorTable } from './errors.ts';
import { encodeBase58, idPattern, isId } from './ids.ts';
import { currencyExponent, formatAmount, isCurrency } from './money.ts';
import { parseStrictJson } from './strict-json.ts';

describe('ids', () => {
  it('sort as their bytes do, and all have the same length', () => {
    const bytes = Array.from({ length: 2_000 }, () => randomBytes(16));
    bytes.push(Buffer.alloc(16), Buffer.alloc(16, 255));
    const byBytes = [...bytes].sort(Buffer.compare).map(encodeBase58);
    const byText = bytes.map(encodeBase58).sort();
    assert.deepEqual(byText, byBytes);
    assert.ok(byText.every((text) => text.length === 22));
    assert.equal(new Set(byText).size, byText.length);
  });

  it('are recognized by kind', () => {
    const id = `pay_${encodeBase58(randomBytes(16))}`;
    assert.ok(isId('payment', id));
    assert.ok(!isId('refund', id));
    assert.match(id, new RegExp(idPattern('payment')));
    assert.ok(!isId('payment', `${id}\n`));
  });
});

describe('error codes', () => {
  it('mean one thing each', () => {
    const tables = [requestErrors, credentialErrors, stateErrors, cardErrors, forwardErrors];
    const codes = [...tables, keyErrors, peopleErrors].flatMap(Object.keys);
    assert.deepEqual(codes.toSorted(), Object.keys(errorTable).toSorted());
  });
});

describe('an API key', () => {
  const [publicId, secret] = ['A'.repeat(12), 'b'.repeat(32)];

  it('parses as it was formatted', () => {
    const key = formatApiKey('secret', 'test', publicId, secret);
    assert.match(key, /^payos_sk_test_[0-9A-Za-z]{50}$/);
    assert.deepEqual(parseApiKey(key), { kind: 'secret', mode: 'test', publicId });
    assert.equal(parseApiKey(formatApiKey('publishable', 'live', publicId, secret))?.mode, 'live');
  });

  it('with any character changed does not parse', () => {
    const key = formatApiKey('secret', 'test', publicId, secret);
    for (let at = 0; at < key.length; at += 1) {
      const other = key[at] === 'z' ? 'y' : 'z';
      assert.equal(parseApiKey(key.slice(0, at) + other + key.slice(at + 1)), undefined);
    }
    for (const text of ['', key.slice(1), `${key} `, `${key}\n`, key.toUpperCase()]) {
      assert.equal(parseApiKey(text), undefined);
    }
  });

  it('draws base62 without bias', () => {
    const counts = new Map<string, number>();
    const text = base62FromBytes(randomBytes(80_000), 62_000);
    for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
    assert.equal(counts.size, 62);
    for (const [char, count] of counts) assert.ok(count > 800 && count < 1200, `${char}: ${count}`);
    assert.throws(() => base62FromBytes(Buffer.alloc(64, 255), 1), /not enough/);
  });

  it('has a checksum that is CRC-32', () => {
    for (const text of ['', 'a', '123456789', 'payos_sk_test_x']) {
      assert.equal(crc32(text), zlibCrc32(text));
    }
  });
});

describe('money', () => {
  it('knows exponents', () => {
    assert.equal(formatAmount(1999, 'EUR'), '19.99 EUR');
    assert.equal(formatAmount(5, 'EUR'), '0.05 EUR');
    assert.equal(formatAmount(1999, 'JPY'), '1999 JPY');
    assert.equal(formatAmount(1, 'KWD'), '0.001 KWD');
    assert.equal(formatAmount(-250, 'USD'), '-2.50 USD');
    assert.ok(!isCurrency('EURO') && !isCurrency('eur') && !isCurrency('XXX'));
  });

  it('agrees with the runtime about every currency`s digits', () => {
    // These differ on purpose: ISO 4217 gives them two digits, everyday display none.
    const shownWithout = new Set(['AFN', 'ALL', 'COP', 'HUF', 'IDR', 'IQD', 'IRR', 'KPW', 'LAK']);
    for (const code of ['LBP', 'MGA', 'MMK', 'PKR', 'RSD', 'SLE', 'SOS', 'SYP', 'TZS', 'YER']) {
      shownWithout.add(code);
    }
    for (const code of Intl.supportedValuesOf('currency')) {
      if (!isCurrency(code) || shownWithout.has(code)) continue;
      const format = new Intl.NumberFormat('en', { style: 'currency', currency: code });
      assert.equal(currencyExponent(code), format.resolvedOptions().maximumFractionDigits, code);
    }
  });
});

describe('strict JSON', () => {
  it('reads what JSON.parse reads', () => {
    const text = ' {"a":[1,{"b":"x\\"y","c":null}],"b":{"a":true},"":"\\\\"} ';
    assert.deepEqual(parseStrictJson(text), { ok: true, value: JSON.parse(text) });
  });

  it('refuses duplicates at any depth, and only of one object', () => {
    assert.ok(!parseStrictJson('{"a":{"b":1,"b":2}}').ok);
    assert.ok(!parseStrictJson('[{"a":1,"\\u0061":2}]').ok);
    assert.ok(parseStrictJson('[{"a":1},{"a":2}]').ok);
    assert.ok(parseStrictJson('{"a":"a","b":["a","a"]}').ok);
  });
});
