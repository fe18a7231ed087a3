import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from '../core/metrics.ts';
import { Passwords } from './password.ts';
import { newRecoveryCodes, readRecoveryCode } from './recovery-codes.ts';

describe('recovery codes', () => {
  it('are ten, numbered, of 50 bits each, and stored as argon2id', async () => {
    const passwords = new Passwords(createMetrics());
    const { plain, hashes } = await newRecoveryCodes(passwords);
    assert.equal(new Set(plain.map((code) => code.slice(2))).size, 10);
    plain.forEach((code, number) => {
      assert.match(code, new RegExp(`^${number}-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$`));
    });
    for (const hash of hashes) assert.match(hash, /^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
    const { number = -1, secret = '' } = readRecoveryCode(plain[3] ?? '') ?? {};
    assert.equal(number, 3);
    assert.equal(await passwords.check(hashes[3], secret), true);
    assert.equal(await passwords.check(hashes[4], secret), false);
  });

  it('are read however they were typed', () => {
    const read = { number: 7, secret: '01ABCDEFGH' };
    for (const text of ['7-01ABC-DEFGH', '701abcdefgh', ' 7 oIabc – defgh ', '7‐Olabc—defgh']) {
      assert.deepEqual(readRecoveryCode(text), read, text);
    }
    for (const text of ['', '7', '7-01ABC', '7-01ABC-DEFGHJ', 'x-01ABC-DEFGH', '7-01ABC-DEF€H']) {
      assert.equal(readRecoveryCode(text), undefined, text);
    }
  });
});
