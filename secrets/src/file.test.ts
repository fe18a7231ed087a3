import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { SettingRefused } from 'payos-contract/settings';
import { readSettingFile } from './file.ts';

describe('the file of a setting', () => {
  const folder = mkdtempSync(join(tmpdir(), 'payos-file-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = (mode: number) => {
    const path = join(folder, mode.toString(8));
    // Nobody but root writes into a file of mode 0400.
    rmSync(path, { force: true });
    writeFileSync(path, 'content\n');
    chmodSync(path, mode);
    return path;
  };
  const refuses = (path: string, guard: 'open' | 'secret' | 'owner only', message: RegExp) =>
    assert.throws(
      () => readSettingFile(path, guard),
      (error) => error instanceof SettingRefused && message.test(error.message),
      `${path} ${guard}`,
    );

  it('may lie open when it holds no secret', () => {
    const path = file(0o666);
    assert.deepEqual(readSettingFile(path, 'open'), { text: 'content\n', warning: undefined });
  });

  it('is warned of when it holds a secret that everybody may read', () => {
    for (const mode of [0o644, 0o444, 0o604]) {
      const { text, warning } = readSettingFile(file(mode), 'secret');
      assert.equal(text, 'content\n');
      assert.match(warning ?? '', /everybody on this machine may read.*chmod 600/);
    }
    for (const mode of [0o600, 0o400, 0o440, 0o640, 0o660]) {
      assert.equal(readSettingFile(file(mode), 'secret').warning, undefined);
    }
  });

  it('is refused when everybody may change the secret in it', () => {
    for (const mode of [0o606, 0o666, 0o602])
      refuses(file(mode), 'secret', /may change.*chmod 600/);
  });

  it('is refused when others than the owner have access to what only the owner may', () => {
    for (const mode of [0o644, 0o640, 0o660, 0o700]) {
      refuses(file(mode), 'owner only', /has mode 0\d{3}.*chmod 600/);
    }
    assert.equal(readSettingFile(file(0o600), 'owner only').warning, undefined);
    assert.equal(readSettingFile(file(0o400), 'owner only').warning, undefined);
  });

  it('is named when it cannot be read, and why', () => {
    const missing = join(folder, 'missing');
    refuses(missing, 'secret', new RegExp(`^the file ${missing} cannot be read: there is no such`));
    refuses(folder, 'open', /it is a folder/);
    refuses(join(file(0o600), 'below'), 'open', /ENOTDIR/);
  });

  it('is not named when it looks like the secret itself', () => {
    const secrets = ['hunter2', '/+abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ=', 'smtps://u:p@h'];
    for (const secret of secrets) {
      refuses(secret, 'secret', /^the file cannot be read: there is no such file\.$/);
    }
  });
});
