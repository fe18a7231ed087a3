import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { gcmOpen, gcmSeal } from './gcm.ts';
import type { Kek } from './kek-store.ts';
import { SealBroken } from './key-provider.ts';
import { KeyringRefused, openKeyring } from './keyring-file.ts';
import { kekNameOf, openRecord, type Place, rewrapRecord, sealRecord } from './record.ts';

const newKek = (version = 1): Kek => ({
  id: randomBytes(16).toString('hex'),
  version,
  key: createSecretKey(randomBytes(32)),
});
const place: Place = { organization: 'org_a', mode: 'test', token: 'tok_a', recordType: 'card' };
const plain = Buffer.from('what is sealed');
const breaks = (act: () => unknown) => assert.throws(act, SealBroken);

describe('a sealed record', () => {
  const kek = newKek();
  const record = sealRecord(kek, place, plain);

  it('opens where it belongs', () => {
    assert.deepEqual(openRecord(kek, place, record), plain);
    assert.deepEqual(kekNameOf(record), { id: kek.id, version: 1 });
    assert.equal(record.includes(plain), false);
  });

  it('does not open anywhere else', () => {
    const elsewhere = [
      { token: 'tok_b' },
      { organization: 'org_b' },
      { mode: 'live' as const },
      { organization: 'org_atest', mode: '' as 'test' },
    ];
    for (const other of elsewhere) breaks(() => openRecord(kek, { ...place, ...other }, record));
  });

  it('does not open with another key, even one that claims its name', () => {
    breaks(() => openRecord(newKek(), place, record));
    breaks(() => openRecord({ ...newKek(), id: kek.id }, place, record));
    breaks(() => openRecord({ ...kek, version: 2 }, place, record));
  });

  it('does not open with any bit changed', () => {
    for (let at = 0; at < record.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = Buffer.from(record);
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
        breaks(() => openRecord(kek, place, changed));
      }
    }
  });

  it('does not open shortened or lengthened', () => {
    for (let length = 0; length < record.length; length += 1) {
      breaks(() => openRecord(kek, place, record.subarray(0, length)));
    }
    breaks(() => openRecord(kek, place, Buffer.concat([record, Buffer.from([0])])));
  });

  it('does not open with parts of a record of the same key and owner', () => {
    const other = sealRecord(kek, { ...place, token: 'tok_b' }, plain);
    for (const [from, to] of [
      [26, 86],
      [86, 118],
      [118, record.length],
    ] as const) {
      const mixed = Buffer.from(record);
      other.copy(mixed, from, from, to);
      breaks(() => openRecord(kek, place, mixed));
    }
  });

  it('never looks the same twice', () => {
    assert.notDeepEqual(sealRecord(kek, place, plain), record);
  });

  it('is held by its commitment alone when everything else fits', () => {
    // Data and data key of one record, commitment of another under the same place.
    const other = sealRecord(kek, place, plain);
    const mixed = Buffer.from(record);
    other.copy(mixed, 86, 86, 118);
    breaks(() => openRecord(kek, place, mixed));
  });
});

/** Made by the code of format 1, with the key of 32 nines. */
const ofFormat1 =
  'UFlPUwEBAAECAwQFBgcICQoLDA0ODwAAAAecNpXQu4XrnqLrEYEayAnoloEky//47ErCVByLqNVfqQ27uzANg80ZhRgb' +
  'xI8KSYXfKb3bN0WZ+IvXi0aa+SWPLSiXUZgpeh6QuLfltt5aj5XImzp7qJRANiT+iBunM9V6WXPubYvAv/dT5Gn9EFsf' +
  'R88oC5/dY3+l61kdyZOQ/0/S+KzygjChcAM=';

describe('a record under another key', () => {
  const [from, to] = [newKek(1), newKek(2)];
  const record = sealRecord(from, place, plain);

  it('keeps commitment and ciphertext, and opens with the other key alone', () => {
    const moved = rewrapRecord(from, to, place, record);
    assert.deepEqual(kekNameOf(moved), { id: to.id, version: 2 });
    assert.deepEqual(moved.subarray(86), record.subarray(86));
    assert.deepEqual(openRecord(to, place, moved), plain);
    breaks(() => openRecord(from, place, moved));
    breaks(() => openRecord(to, { ...place, token: 'tok_b' }, moved));
  });

  it('is not made of one that does not open, wherever it was changed', () => {
    for (let at = 0; at < record.length; at += 1) {
      const changed = Buffer.from(record);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      breaks(() => rewrapRecord(from, to, place, changed));
    }
    breaks(() => rewrapRecord(from, to, { ...place, mode: 'live' }, record));
    breaks(() => rewrapRecord(to, from, place, record));
  });

  it('does not open with what wrapped it before put back', () => {
    const moved = rewrapRecord(from, to, place, record);
    const wrapBack = Buffer.concat([moved.subarray(0, 26), record.subarray(26, 86)]);
    breaks(() => openRecord(to, place, Buffer.concat([wrapBack, moved.subarray(86)])));
  });

  it('is of the newest format, though the one before still opens', () => {
    const nines = createSecretKey(Buffer.alloc(32, 9));
    const kek: Kek = { id: '000102030405060708090a0b0c0d0e0f', version: 7, key: nines };
    const old = Buffer.from(ofFormat1, 'base64');
    assert.equal(openRecord(kek, place, old).toString(), 'sealed in format 1');
    const moved = rewrapRecord(kek, to, place, old);
    assert.equal(moved.readUInt8(4), 2);
    assert.equal(openRecord(to, place, moved).toString(), 'sealed in format 1');
    const relabelled = Buffer.from(record);
    relabelled.writeUInt8(1, 4);
    breaks(() => openRecord(from, place, relabelled));
  });
});

describe('AES-256-GCM', () => {
  it('agrees with a published vector: NIST GCM test case 15', () => {
    const key = createSecretKey(Buffer.from('feffe9928665731c6d6a8f9467308308'.repeat(2), 'hex'));
    const sealed = Buffer.from(
      'cafebabefacedbaddecaf888' +
        '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa' +
        '8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad' +
        'b094dac5d93471bdec1a502270e3cc6c',
      'hex',
    );
    const opened = gcmOpen(key, Buffer.alloc(0), sealed).toString('hex');
    assert.match(opened, /^d9313225f88406e5a55909c5aff5269a.*1aafd255$/);
    assert.deepEqual(gcmOpen(key, plain, gcmSeal(key, plain, plain)), plain);
  });
});

describe('the keyring file', () => {
  const write = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const root = () => randomBytes(32).toString('base64');
  const keyring = (roots: Record<string, string>, current = 1) => ({
    provider: 'keyring-file',
    current,
    roots,
  });
  const context = { organization: 'org_a', mode: 'test', purpose: 'card', version: 1 } as const;

  it('wraps keys, bound to whose and what for they are', async () => {
    const provider = openKeyring(write(keyring({ 1: root() })));
    const key = randomBytes(32);
    const wrapped = await provider.wrap(key, context);
    assert.deepEqual(await provider.unwrap(wrapped, context), key);
    const others = [
      { mode: 'live' },
      { organization: 'org_b' },
      { purpose: 'fingerprint' },
      { version: 2 },
    ] as const;
    for (const other of others) {
      await assert.rejects(provider.unwrap(wrapped, { ...context, ...other }), SealBroken);
    }
    for (let at = 0; at < wrapped.length; at += 1) {
      const changed = Buffer.from(wrapped);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      await assert.rejects(provider.unwrap(changed, context), SealBroken);
    }
  });

  it('opens what older roots wrapped', async () => {
    const first = root();
    const wrapped = await openKeyring(write(keyring({ 1: first }))).wrap(plain, context);
    const rotated = openKeyring(write(keyring({ 1: first, 2: root() }, 2)));
    assert.deepEqual(await rotated.unwrap(wrapped, context), plain);
    const forgotten = openKeyring(write(keyring({ 2: root() }, 2)));
    await assert.rejects(forgotten.unwrap(wrapped, context), SealBroken);
  });

  it('is refused with one sentence when it cannot be trusted', () => {
    const same = root();
    const bad: [string, RegExp][] = [
      [write('{'), /not valid JSON/],
      [write({}), /must look like/],
      [write(keyring({ 1: root() }, 2)), /must look like/],
      [write(keyring({ 1: 'c2hvcnQ=' })), /not 32 bytes/],
      [write(keyring({ 1: same, 2: same })), /same key/],
    ];
    for (const [text, message] of bad) {
      assert.throws(
        () => openKeyring(text),
        (error) => {
          assert.ok(error instanceof KeyringRefused);
          assert.match(error.message, message);
          assert.equal(error.message.includes(same), false);
          return true;
        },
      );
    }
  });
});
