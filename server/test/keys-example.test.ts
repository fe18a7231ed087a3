import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { openSharedOffice, type SharedOffice } from './office.ts';

let office: SharedOffice;
before(async () => {
  office = await openSharedOffice();
});
after(async () => office?.stop());

describe('the example of the guide', () => {
  it('rotates a key under way, and not one request fails', async () => {
    const { key } = await office.operator.mint(office.organization, {
      permissions: ['payments:read', 'keys:roll_self'],
    });
    const keyFile = join(office.directory, 'key.txt');
    writeFileSync(keyFile, `${key}\n`, { mode: 0o600 });
    const script = join(import.meta.dirname, '../../docs/examples/rotate-key.mjs');
    const env = {
      KEY_FILE: keyFile,
      PAYOS_URL: office.api.origin,
      CA_FILE: join(office.cluster.certificates, 'ca.pem'),
      OVERLAP: '3',
    };
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env });
    const [, requests, failures] = /(\d+) requests, (\d+) failures/.exec(stdout) ?? [];
    assert.equal(failures, '0', stdout);
    assert.ok(Number(requests) > 20, stdout);
    assert.match(stdout, /The old key now: expired_api_key\./);
    const next = readFileSync(keyFile, 'utf8');
    assert.notEqual(next, key);
    assert.equal(statSync(keyFile).mode & 0o777, 0o600);
    assert.equal((await office.api.get('/v1/payments', next)).status, 200);
  });
});
