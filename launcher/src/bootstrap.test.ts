import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { repository } from './layout.ts';
import { testFolder } from './testing.ts';

const root = testFolder('bootstrap');
const script = `
  const word: string = process.argv[2] ?? 'nothing';
  console.log('the script says', word);
  process.exitCode = Number(process.argv[3] ?? 0);`;

/** A checkout with the real bootstrap, one workspace, and what `packages` adds to its lock file. */
function checkout(dependencies: Readonly<Record<string, string>>, packages: object): string {
  const folder = mkdtempSync(join(root, 'checkout-'));
  for (const file of ['bootstrap.mjs', 'install.mjs']) {
    cpSync(join(repository, 'launcher', file), join(folder, 'launcher', file));
  }
  mkdirSync(join(folder, 'part'));
  const part = { name: 'part', version: '1.0.0' };
  const main = { name: 'example', version: '1.0.0', workspaces: ['part'], dependencies };
  const lock = {
    ...{ name: 'example', version: '1.0.0', lockfileVersion: 3, requires: true },
    packages: {
      '': main,
      'node_modules/part': { resolved: 'part', link: true },
      part: { version: '1.0.0' },
      ...packages,
    },
  };
  writeFileSync(join(folder, 'part', 'package.json'), JSON.stringify(part));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...main, type: 'module' }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  writeFileSync(join(folder, 'script.ts'), script);
  return folder;
}

async function run(folder: string, words: string[], more: Record<string, string> = {}) {
  const command = [join(folder, 'launcher', 'bootstrap.mjs'), 'script.ts', ...words];
  const env = { PATH: process.env['PATH'], HOME: join(folder, 'home'), ...more };
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, error, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { out: out.replace(/^(Installing|Waiting).*\n/gm, ''), error, code };
}

describe('the bootstrap', () => {
  it('installs what is missing, once for many that come together, then runs', async () => {
    const folder = checkout({}, {});
    const both = await Promise.all([run(folder, ['one', '3']), run(folder, ['two'])]);
    assert.deepEqual(both, [
      { out: 'the script says one\n', error: '', code: 3 },
      { out: 'the script says two\n', error: '', code: 0 },
    ]);
    assert.ok(existsSync(join(folder, 'node_modules', 'part', 'package.json')));
    assert.ok(!readdirSync(folder).some((name) => name.includes('.lock')));
  });

  it('needs no npm any more when everything is in place', async () => {
    const folder = checkout({}, {});
    await run(folder, []);
    const { out, code } = await run(folder, ['again'], { PATH: dirname(process.execPath) });
    assert.deepEqual([out, code], ['the script says again\n', 0]);
  });

  it('installs again when the lock file has changed', async () => {
    const folder = checkout({}, {});
    await run(folder, []);
    const unreachable = {
      version: '1.0.0',
      resolved: 'http://127.0.0.1:1/other.tgz',
      integrity: `sha512-${Buffer.alloc(64).toString('base64')}`,
    };
    const changed = checkout({ other: '1.0.0' }, { 'node_modules/other': unreachable });
    for (const file of ['package.json', 'package-lock.json']) {
      cpSync(join(changed, file), join(folder, file));
    }
    const { error, code } = await run(folder, [], { npm_config_fetch_retries: '0' });
    assert.equal(code, 1);
    assert.match(
      error,
      /^npm cannot reach its registry\..*\nWhat npm said last:[\s\S]*ECONNREFUSED/,
    );
  });

  it('takes over the lock of an installation that was killed', async () => {
    const folder = checkout({}, {});
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');
    const { hostname } = await import('node:os');
    const owner = JSON.stringify({ pid: child.pid, host: hostname() });
    writeFileSync(join(folder, '.payos-install.lock'), owner);
    assert.equal((await run(folder, ['free'])).out, 'the script says free\n');
  });
});
