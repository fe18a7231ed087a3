import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gcmOpen } from './gcm.ts';
import { hkdfSha256, hmacSha256 } from './hash.ts';
import { SealBroken } from './key-provider.ts';

/* Published vectors (Project Wycheproof) through the functions that seal cards. */

type Result = { tcId: number; comment?: string; result: 'valid' | 'invalid' };
type Gcm = Result & Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag', string>;
type Mac = Result & Record<'key' | 'msg' | 'tag', string>;
type Hkdf = Result & Record<'ikm' | 'info' | 'okm', string> & { size: number };

function read<T extends Result>(name: string, count: number): T[] {
  const path = new URL(`../../test/vectors/${name}.json`, import.meta.url);
  const { tests } = JSON.parse(readFileSync(path, 'utf8')) as { tests: T[] };
  assert.equal(tests.length, count, name);
  return tests;
}

const bytes = (hex: string) => Buffer.from(hex, 'hex');
const keyOf = (hex: string) => createSecretKey(bytes(hex));

describe('published vectors', () => {
  it('of AES-256-GCM: what is valid opens, what is not breaks', () => {
    for (const { tcId, comment, key, iv, aad, msg, ct, tag, result } of read<Gcm>('aes-gcm', 48)) {
      const open = () => gcmOpen(keyOf(key), bytes(aad), bytes(iv + ct + tag));
      const what = `${tcId} ${comment}`;
      if (result === 'invalid') assert.throws(open, SealBroken, what);
      else assert.equal(open().toString('hex'), msg, what);
    }
  });

  it('of AES-256-GCM: what is valid breaks with its parts cut, swapped or left out', () => {
    for (const { tcId, key, iv, aad, ct, tag, result } of read<Gcm>('aes-gcm', 48)) {
      if (result === 'invalid') continue;
      const cut = [iv + ct + tag.slice(2), iv + ct, iv + tag + ct, tag + ct + iv, ct + tag, ''];
      for (const sealed of cut.filter((text) => text !== iv + ct + tag)) {
        const open = () => gcmOpen(keyOf(key), bytes(aad), bytes(sealed));
        assert.throws(open, SealBroken, `${tcId} ${sealed}`);
      }
      const other = () => gcmOpen(keyOf(key), bytes(`${aad}00`), bytes(iv + ct + tag));
      assert.throws(other, SealBroken, `${tcId}`);
    }
  });

  it('of HMAC-SHA-256', () => {
    for (const { tcId, key, msg, tag, result } of read<Mac>('hmac-sha256', 64)) {
      const isSame = hmacSha256(keyOf(key), bytes(msg)).toString('hex') === tag;
      assert.equal(isSame, result === 'valid', `${tcId}`);
    }
  });

  it('of HKDF-SHA-256', () => {
    for (const { tcId, ikm, info, size, okm } of read<Hkdf>('hkdf-sha256', 10)) {
      const derived = hkdfSha256(keyOf(ikm), bytes(info), size);
      assert.equal(derived.toString('hex'), okm, `${tcId}`);
    }
  });
});
