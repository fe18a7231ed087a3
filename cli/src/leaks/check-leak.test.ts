import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { madeKey, madeSigningKey, madeWebhookSecret, misspelt } from '../../test/made-keys.ts';
import { emptyFolder, type Finished, payos } from '../../test/run.ts';

let folder: string;
let cleanUp: () => void;

beforeEach(() => {
  const made = emptyFolder();
  folder = made.folder;
  cleanUp = made.remove;
});
afterEach(() => cleanUp());

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const check = (parameters: string[], input = '', env: Record<string, string> = {}) =>
  payos(folder, ['keys', 'check-leak', ...parameters], env, input);

const lines = ({ stdout }: Finished) => stdout.split('\n').filter((line) => line !== '');

test('a folder is searched with all below it; a key is named by place, kind and ends', async () => {
  const [live, test, hook] = [
    madeKey('secret', 'live'),
    madeKey('secret', 'test'),
    madeWebhookSecret(),
  ];
  write('.env', `A=1\nKEY=${live}\n`);
  write('src/deep/er.bin', `\0\x01${test}\0`);
  write('src/hook.txt', hook);
  write('src/none.txt', 'payos_sk_live_…');
  const found = await check(['.']);
  assert.equal(found.code, 1, found.stderr);
  const shown = (key: string) => `${key.slice(0, 18)}…${key.slice(-4)}`;
  assert.deepEqual(lines(found), [
    `.env:2:5: live secret key ${shown(live)} (checksum holds)`,
    `src/deep/er.bin:1:2: test secret key ${shown(test)} (checksum holds)`,
    `src/hook.txt:1:1: webhook secret ${hook.slice(0, 10)}… (has no checksum)`,
  ]);
  assert.match(found.stderr, /Searched 4 files\./);
  assert.match(found.stderr, /Found 3, .*\n.*payos keys revoke key_….*\n.*new webhook/);
  assert.match(found.stderr, /docs\/leaked-keys\.md/);
});

test('no more of a key gets out than its ends, in no form of output', async () => {
  const secrets = [
    madeKey(),
    madeKey('publishable', 'test'),
    misspelt(madeKey()),
    madeWebhookSecret(),
    madeSigningKey().pem.slice(28, 92),
  ];
  const input = secrets.join('\n');
  for (const form of [[], ['--json'], ['--sarif'], ['--publishable']]) {
    const { stdout, stderr, code } = await check(['-', ...form], input);
    assert.equal(code, 1);
    for (const secret of secrets) {
      for (let at = 12; at + 6 <= secret.length - 4; at += 1) {
        const part = secret.slice(at, at + 8);
        assert.ok(!(stdout + stderr).includes(part), `${form} shows ${part}`);
      }
    }
  }
});

test('nothing found is 0, and says how much was searched', async () => {
  write('a.txt', 'nothing here');
  const found = await check(['a.txt']);
  assert.deepEqual([found.code, found.stdout], [0, '']);
  assert.match(found.stderr, /Searched 1 file\./);
});

test('nobody’s key and a publishable one are no leaks, but said', async () => {
  write('a.txt', `${misspelt(madeKey())}\n${madeKey('publishable', 'live')}`);
  const found = await check(['a.txt']);
  assert.deepEqual([found.code, found.stdout], [0, '']);
  assert.match(
    found.stderr,
    /nobody has this key: a\.txt:1:1: live secret key .* \(wrong checksum\)/,
  );
  assert.match(found.stderr, /may be public: a\.txt:2:1: live publishable key/);
  const strict = await check(['a.txt', '--publishable']);
  assert.equal(strict.code, 1);
  assert.match(strict.stdout, /^a\.txt:2:1: live publishable key/);
});

test('links, packages and what git compresses are left out, and this is said', async () => {
  const key = madeKey();
  write('node_modules/a/index.js', key);
  write('.git/objects/ab/cd', key);
  write('.git/config', 'url = https://example.com');
  write('lib/real.txt', key);
  symlinkSync(join(folder, 'lib'), join(folder, 'again'));
  symlinkSync('/dev/zero', join(folder, 'endless'));
  symlinkSync('.', join(folder, 'lib', 'circle'));
  const found = await check(['.']);
  assert.deepEqual(lines(found).length, 1);
  assert.match(lines(found)[0] ?? '', /^lib\/real\.txt:1:1/);
  assert.match(found.stderr, /Skipped, symbolic link: again, endless, lib\/circle/);
  assert.match(found.stderr, /Skipped, installed packages: node_modules/);
  assert.match(found.stderr, /Skipped, compressed: .*git log -p --all.*: \.git\/objects/);
  assert.match(found.stderr, /Searched 2 files/);

  const packages = await check(['.', '--packages']);
  assert.equal(lines(packages).length, 2);
  const named = await check(['node_modules/a/index.js', 'again']);
  assert.equal(lines(named).length, 2, 'what is named is searched');
  const excluded = await check(['.', '--exclude', 'l*']);
  assert.deepEqual([excluded.code, excluded.stdout], [0, '']);
  assert.match(excluded.stderr, /Skipped, excluded: lib/);
});

test('what could not be read is said, and is no success', async () => {
  write('a.txt', 'nothing');
  const missing = await check(['a.txt', 'gone.txt']);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /Not everything was read\.\n {2}could not read, ENOENT: gone\.txt/);
  write('b.txt', madeKey());
  const both = await check(['gone.txt', 'b.txt']);
  assert.equal(both.code, 1);
  assert.match(both.stderr, /could not read, ENOENT: gone\.txt/);
});

test('names of files cannot write to the terminal', async () => {
  write('a\u001b[2Jb\nc.txt', madeKey());
  const found = await check(['.']);
  assert.match(found.stdout, /^a\ufffd\[2Jb\ufffdc\.txt:1:1: [^\n]+\n$/);
});

test('JSON has everything, SARIF the leaks', async () => {
  const key = madeKey('secret', 'test');
  write('a b/c.txt', `x\n${key} ${misspelt(key)}`);
  const json = JSON.parse((await check(['.', '--json'])).stdout);
  assert.deepEqual(json.leaks, [
    {
      file: 'a b/c.txt',
      line: 2,
      column: 1,
      kind: 'secret',
      mode: 'test',
      hint: `${key.slice(0, 18)}…${key.slice(-4)}`,
      checksum: 'right',
      encoding: 'plain',
    },
  ]);
  assert.equal(json.harmless[0].checksum, 'wrong');
  assert.deepEqual([json.files_searched, json.skipped, json.unread], [1, [], []]);

  const sarif = JSON.parse((await check(['.', '--sarif'])).stdout);
  const [{ tool, results }] = sarif.runs;
  assert.equal(results.length, 1);
  assert.deepEqual(results[0].locations[0].physicalLocation, {
    artifactLocation: { uri: 'a%20b/c.txt' },
    region: { startLine: 2, startColumn: 1 },
  });
  const rules = tool.driver.rules.map(({ id }: { id: string }) => id);
  assert.ok(rules.includes(results[0].ruleId));
});

test('memory does not grow with the file', async () => {
  const megabytes = 600;
  write('large.bin', '');
  truncateSync(join(folder, 'large.bin'), megabytes * 2 ** 20);
  const tell = 'process.resourceUsage().maxRSS';
  write('tell.mjs', `process.on('exit', () => console.error('KiB', ${tell}))`);
  const options = { NODE_OPTIONS: '--import=./tell.mjs' };
  const found = await check(['large.bin', '-'], madeKey(), options);
  assert.match(found.stdout, /^<stdin>:1:1/);
  const most = Number(/KiB (\d+)/.exec(found.stderr)?.[1]) / 2 ** 10;
  assert.ok(most > 0 && most < megabytes / 2, `${most} MiB`);
});

test('wrong use is 2, with what is wrong', async () => {
  for (const parameters of [
    [],
    ['--tracked', '--staged'],
    ['a', '--json', '--sarif'],
    ['--staged', '-'],
  ]) {
    const { code, stdout, stderr } = await check(parameters);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.match(stderr, /^error: /);
  }
});
