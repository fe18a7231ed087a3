import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { createLog } from '../../core/log.ts';
import { openScannerKeys, parseScannerKeys, ScannerKeys } from './scanner-keys.ts';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const list = (...names: string[]) =>
  JSON.stringify({ public_keys: names.map((name) => ({ key_identifier: name, key })) });
const log = createLog('fatal', 'test');

describe("the list of a scanner's keys", () => {
  it('is refused when it is of another form, or holds none that can be used', () => {
    const { publicKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = rsa.export({ type: 'spki', format: 'pem' });
    for (const text of [
      '{}',
      '[]',
      '{"public_keys":[]}',
      '{"public_keys":[{"key":7}]}',
      JSON.stringify({ public_keys: [{ key_identifier: 'rsa', key: pem }] }),
    ]) {
      assert.throws(() => parseScannerKeys(text), text);
      const open = () => openScannerKeys({ source: text, egress: { allow: [], ca: '' }, log });
      assert.throws(open, /PAYOS_SECRET_SCANNING_KEYS is neither/);
    }
  });

  it('is read again for a name that is missing, no more often than once a minute', async () => {
    let read = 0;
    const keys = new ScannerKeys(async () => {
      read += 1;
      return list('a');
    }, log);
    await Promise.all([keys.find('a'), keys.find('a')]);
    assert.ok(await keys.find('a'));
    assert.equal(read, 1);
    assert.equal(await keys.find('b'), undefined);
    assert.equal(read, 1);
  });

  it('finds nothing while it cannot be read', async () => {
    const keys = new ScannerKeys(() => Promise.reject(new Error('away')), log);
    assert.equal(await keys.find('a'), undefined);
  });
});
