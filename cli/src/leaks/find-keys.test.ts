import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { madeKey, madeSigningKey, madeWebhookSecret, misspelt } from '../../test/made-keys.ts';
import { type Found, findKeys } from './find-keys.ts';

async function search(...chunks: readonly (string | Buffer)[]): Promise<Found[]> {
  async function* given() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const all: Found[] = [];
  for await (const found of findKeys(given())) all.push(found);
  return all;
}

const brief = (found: readonly Found[]) =>
  found.map(({ line, column, kind, checksum, encoding }) =>
    [line, column, kind, checksum, encoding].join(' '),
  );

test('a key is told by kind, mode and checksum, and shown by its ends only', async () => {
  const key = madeKey('secret', 'live');
  assert.deepEqual(await search(`a\n  "${key}",\n`), [
    {
      line: 2,
      column: 4,
      kind: 'secret',
      mode: 'live',
      hint: `${key.slice(0, 18)}…${key.slice(-4)}`,
      checksum: 'right',
      encoding: 'plain',
    },
  ]);
  assert.deepEqual(brief(await search(madeKey('publishable', 'test'))), [
    '1 1 publishable right plain',
  ]);
  assert.deepEqual(brief(await search(misspelt(key))), ['1 1 secret wrong plain']);
});

test('a webhook secret is found by its form', async () => {
  const secret = madeWebhookSecret();
  const [found] = await search(`S=${secret}`);
  assert.deepEqual(
    [found?.kind, found?.mode, found?.checksum, found?.hint],
    ['webhook_secret', null, 'none', `${secret.slice(0, 10)}…`],
  );
  assert.deepEqual(await search(secret.slice(0, -2), ' whsec_ whsec_MfKQ9r8GKYqrTwjUPD8ILPZI'), []);
});

test('a signing key is named by its public key', async () => {
  const { pem, publicKey } = madeSigningKey();
  for (const [text, encoding] of [
    [pem, 'plain'],
    [JSON.stringify(pem), 'plain'],
    [Buffer.from(pem, 'utf16le'), 'wide'],
    [Buffer.from(pem).toString('base64'), 'base64'],
  ] as const) {
    const [found, ...more] = await search(text);
    assert.equal(more.length, 0);
    assert.deepEqual(
      [found?.kind, found?.mode, found?.checksum, found?.hint, found?.encoding],
      ['signing_key', null, 'none', `${publicKey.slice(0, 8)}…`, encoding],
    );
  }
  assert.deepEqual(brief(await search(pem)), ['2 1 signing_key none plain']);
  assert.deepEqual(await search(pem.replace('MC4CAQAwBQYDK2VwBCIEI', 'MC4CAQAwBQYDK2VuBCIEI')), []);
});

test('what stands around a key does not hide it', async () => {
  const key = madeKey();
  const around = [
    '\\n',
    '_',
    'x',
    '',
    '\n',
    '"',
    '=',
    '%22',
    '\0',
    '\u00e9',
    'payos_',
    'payos_sk_',
  ];
  for (const before of around) {
    for (const after of around) {
      const [found, ...more] = await search(before + key + after);
      assert.equal(found?.checksum, 'right', `${before} ${after}`);
      assert.equal(more.length, 0);
    }
  }
});

test('what has not the form of a key is none', async () => {
  const key = misspelt(madeKey());
  for (const text of ['', 'payos_sk_live_', key.slice(0, -1), `${key}0`, key.toUpperCase()]) {
    assert.deepEqual(await search(text), []);
  }
});

test('a key is found wherever chunks end within it, once', async () => {
  const text = `é\n\n ${madeKey()} ${madeWebhookSecret()}\n${madeKey()}${madeSigningKey().pem}`;
  const bytes = Buffer.from(text.repeat(4));
  const whole = await search(bytes);
  assert.equal(whole.length, 16);
  for (let at = 0; at <= bytes.length; at += 1) {
    assert.deepEqual(await search(bytes.subarray(0, at), bytes.subarray(at)), whole);
  }
  assert.deepEqual(await search(...Array.from(bytes, (byte) => Buffer.of(byte))), whole);
});

test('lines and columns are those of an editor, also far from the beginning', async () => {
  const key = madeKey();
  const chunk = Buffer.from(`${'grüße 漢 😀\r\n'.repeat(1_000)}`);
  const found = await search(...Array(300).fill(chunk), `漢😀é ${key}`);
  assert.deepEqual(brief(found), ['300001 5 secret right plain']);
});

test('UTF-16 and UTF-32 are read, in both byte orders', async () => {
  const text = `a\nb ${madeKey()} ${madeWebhookSecret()}`;
  const little = Buffer.from(`\ufeff${text}`, 'utf16le');
  const wide = Buffer.from(
    Array.from(text, (character) => [character.charCodeAt(0), 0, 0, 0]).flat(),
  );
  const expected = ['2 3 secret right wide', '2 68 webhook_secret none wide'];
  for (const bytes of [little, Buffer.from(little).swap16(), wide, Buffer.from(wide).swap32()]) {
    assert.deepEqual(brief(await search(bytes)), expected);
    assert.deepEqual(brief(await search(bytes.subarray(0, 99), bytes.subarray(99))), expected);
  }
});

test('base64 is looked into, wherever in it the secret begins', async () => {
  for (const before of ['', 'a', 'ab', 'abc:', 'user:', '{"key":"']) {
    for (const encoding of ['base64', 'base64url'] as const) {
      const encoded = Buffer.from(`${before}${madeKey()}:`).toString(encoding);
      const [found, ...more] = await search(`\n  secret: ${encoded}\n`);
      assert.equal(more.length, 0);
      assert.deepEqual([found?.checksum, found?.encoding, found?.line], ['right', 'base64', 2]);
    }
    const encoded = Buffer.from(before + madeWebhookSecret()).toString('base64');
    assert.equal((await search(encoded))[0]?.kind, 'webhook_secret');
  }
  for (const [width, gap] of [
    [76, '\n'],
    [76, '\r\n'],
    [64, '\n      '],
    [40, '\n\t'],
  ] as const) {
    const encoded = Buffer.from(madeKey()).toString('base64');
    const lines = encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
    const [found, ...more] = await search(`secret: ${lines.join(gap)}\nnext: line\n`);
    assert.equal(more.length, 0);
    assert.deepEqual([found?.checksum, found?.encoding, found?.line], ['right', 'base64', 1]);
  }
  const placeholder = Buffer.from(misspelt(madeKey())).toString('base64');
  assert.deepEqual(await search(placeholder), []);
});

test('a key between other bytes is found, and other bytes alone are none', async () => {
  const key = madeKey();
  const found = await search(randomBytes(700_000), key, randomBytes(700_000));
  assert.deepEqual(
    found.map(({ checksum }) => checksum),
    ['right'],
  );
});
