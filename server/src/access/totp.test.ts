import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeTotp, totpStepOf } from './totp.ts';

/** RFC 6238 appendix B, SHA-1; of the eight digits there, apps show the last six. */
const secret = Buffer.from('12345678901234567890');
const vectors = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
] as const;

describe('a code of an authenticator app', () => {
  for (const [seconds, digits] of vectors) {
    it(`is that of RFC 6238 at ${seconds} s`, () => {
      const code = digits.slice(-6);
      const step = Math.floor(seconds / 30);
      assert.equal(totpStepOf(secret, code, seconds * 1000), step);
      assert.equal(totpStepOf(secret, code, (seconds + 30) * 1000), step);
      assert.equal(totpStepOf(secret, code, (seconds - 30) * 1000), step);
      assert.equal(totpStepOf(secret, code, (seconds + 60) * 1000), undefined);
      assert.equal(totpStepOf(secret, code, (seconds - 60) * 1000), undefined);
    });
  }

  it('is none of another secret, nor anything that is not six digits', () => {
    const now = 59_000;
    assert.equal(totpStepOf(Buffer.from('12345678901234567891'), '287082', now), undefined);
    for (const text of ['', '28708', '2870820', ' 287082', 'ABCDEF']) {
      assert.equal(totpStepOf(secret, text, now), undefined, text);
    }
  });

  it('is set up by a URI that every app reads', () => {
    const { uri, secret: base32 } = describeTotp(secret, 'ada+pay@shop.example');
    assert.equal(base32, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    const url = new URL(uri);
    assert.equal(`${url.protocol}//${url.host}`, 'otpauth://totp');
    assert.equal(decodeURIComponent(url.pathname), '/PayOS:ada+pay@shop.example');
    const { secret: inUri, ...rest } = Object.fromEntries(url.searchParams);
    assert.equal(inUri, base32);
    assert.deepEqual(rest, { issuer: 'PayOS', algorithm: 'SHA1', digits: '6', period: '30' });
  });
});
