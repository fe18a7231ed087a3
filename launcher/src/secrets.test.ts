import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ensureSecrets } from './secrets.ts';
import { testFolder } from './testing.ts';

const root = testFolder('secrets');
const newFolder = () => mkdtempSync(join(root, 'secrets-'));
const fresh = { dataExists: false, given: [], replaceable: [] };
const later = { ...fresh, dataExists: true };

describe('the secrets of an installation', () => {
  it('are made once, 32 random bytes each, for their owner only', () => {
    const directory = newFolder();
    const { files, passwords } = ensureSecrets(directory, fresh);
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
    assert.deepEqual(ensureSecrets(directory, later).passwords, passwords);
    assert.equal(readFileSync(files['key-pepper'], 'utf8').trim(), pepper);
    assert.equal(new Set(Object.values(passwords)).size, Object.keys(passwords).length);
  });

  it('are not replaced when a database needs the lost ones', () => {
    const directory = newFolder();
    const { files } = ensureSecrets(directory, fresh);
    rmSync(files['vault-keyring.json']);
    assert.throws(() => ensureSecrets(directory, later), {
      name: 'Refusal',
      message: /secrets are gone: vault-keyring\.json/,
    });
    assert.ok(!readdirSync(directory).includes('vault-keyring.json'));
  });

  it('are completed when the first start was interrupted before there was a database', () => {
    const directory = newFolder();
    const { files } = ensureSecrets(directory, fresh);
    rmSync(files['sealing-key']);
    ensureSecrets(directory, fresh);
    assert.ok(readdirSync(directory).includes('sealing-key'));
  });

  it('may be given by the user, or made anew where nothing is lost by it', () => {
    const directory = newFolder();
    const { files } = ensureSecrets(directory, { ...fresh, given: ['key-pepper'] });
    assert.ok(!readdirSync(directory).includes('key-pepper'));
    rmSync(files['simulator-secret']);
    assert.throws(() => ensureSecrets(directory, { ...later, given: ['key-pepper'] }));
    ensureSecrets(directory, {
      ...later,
      given: ['key-pepper'],
      replaceable: ['simulator-secret'],
    });
    assert.ok(readdirSync(directory).includes('simulator-secret'));
  });
});
