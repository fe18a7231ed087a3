import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { Sealer } from './seal.ts';

const key = randomBytes(32).toString('base64');
const sealer = new Sealer(key);
const plain = Buffer.from('whsec_something');
const sealed = sealer.seal(plain, 'webhook', 'we_1');

describe('a sealed value', () => {
  it('opens for its purpose and owner', () => {
    assert.deepEqual(sealer.open(sealed, 'webhook', 'we_1'), plain);
  });

  it('does not open elsewhere, also where the parts run together', () => {
    assert.throws(() => sealer.open(sealed, 'webhook', 'we_2'));
    assert.throws(() => sealer.open(sealed, 'idempotency', 'we_1'));
    assert.throws(() => sealer.open(sealed, 'webhookw', 'e_1'));
  });

  it('does not open under another key', () => {
    const other = new Sealer(randomBytes(32).toString('base64'));
    assert.throws(() => other.open(sealed, 'webhook', 'we_1'));
  });

  it('does not open with any bit of any byte changed, or cut off anywhere', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      assert.throws(() => sealer.open(changed, 'webhook', 'we_1'), `byte ${at}`);
      assert.throws(() => sealer.open(sealed.subarray(0, at), 'webhook', 'we_1'), `length ${at}`);
    }
  });

  it('is different each time', () => {
    assert.notDeepEqual(sealer.seal(plain, 'webhook', 'we_1'), sealed);
  });

  it('needs 32 bytes of key', () => {
    assert.throws(() => new Sealer(randomBytes(16).toString('base64')), /PAYOS_SEALING_KEY/);
  });
});
