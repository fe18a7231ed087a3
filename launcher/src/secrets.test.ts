import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ensureSecrets } from './secrets.ts';
import { testFolder } from './testing.ts';

const root = testFolder('secrets');
const newFolder = () => mkdtempSync(join(root, 'secrets-'));

describe('the secrets of an installation', () => {
  it('are made once, 32 random bytes each, for their owner only', () => {
    const directory = newFolder();
    const { files, passwords } = ensureSecrets(directory, false);
    const pepper = readFileSync(files['key-pepper'], 'utf8').trim();
    assert.equal(Buffer.from(pepper, 'base64').length, 32);
    const { provider, current, roots } = JSON.parse(
      readFileSync(files['vault-keyring.json'], 'utf8'),
    );
    assert.deepEqual([provider, current, Object.keys(roots)], ['keyring-file', 1, ['1']]);
    assert.equal(Buffer.from(roots[1], 'base64').length, 32);
    for (const name of readdirSync(directory)) {
      assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600, name);
    }
    assert.deepEqual(ensureSecrets(directory, true).passwords, passwords);
    assert.equal(readFileSync(files['key-pepper'], 'utf8').trim(), pepper);
    assert.equal(new Set(Object.values(passwords)).size, Object.keys(passwords).length);
  });

  it('are not replaced when a database needs the lost ones', () => {
    const directory = newFolder();
    const { files } = ensureSecrets(directory, false);
    rmSync(files['vault-keyring.json']);
    assert.throws(() => ensureSecrets(directory, true), {
      name: 'Refusal',
      message: /secrets are gone: vault-keyring\.json/,
    });
    assert.ok(!readdirSync(directory).includes('vault-keyring.json'));
  });

  it('are completed when the first start was interrupted before there was a database', () => {
    const directory = newFolder();
    const { files } = ensureSecrets(directory, false);
    rmSync(files['sealing-key']);
    ensureSecrets(directory, false);
    assert.ok(readdirSync(directory).includes('sealing-key'));
  });
});
