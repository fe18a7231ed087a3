import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { madeKey } from '../../test/made-keys.ts';
import { emptyFolder, type Finished, payos } from '../../test/run.ts';

let folder: string;
let cleanUp: () => void;

const main = new URL('../main.ts', import.meta.url).pathname;
/** Settings of whoever runs the tests must not change what git does. */
const env = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@shop.example',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@shop.example',
};

beforeEach(() => {
  const made = emptyFolder();
  folder = made.folder;
  cleanUp = made.remove;
  git('init', '-q');
});
afterEach(() => cleanUp());

function git(...parameters: string[]): { status: number | null; output: string } {
  const done = spawnSync('git', parameters, { cwd: folder, env, encoding: 'utf8' });
  return { status: done.status, output: done.stdout + done.stderr };
}

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

const check = (parameters: string[], directory = folder, settings = env) =>
  payos(directory, ['keys', 'check-leak', ...parameters], settings);

const files = ({ stdout }: Finished) =>
  stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split(':')[0]]));

test('--tracked searches what git has checked in, and nothing else', async () => {
  write('tracked ü\n.txt', madeKey());
  write('ignored.env', madeKey());
  write('new.txt', madeKey());
  write('.gitignore', '*.env');
  write('gone.txt', madeKey());
  symlinkSync('ignored.env', join(folder, 'link'));
  git('add', 'tracked ü\n.txt', '.gitignore', 'gone.txt', 'link');
  git('commit', '-qm', 'a');
  rmSync(join(folder, 'gone.txt'));
  const found = await check(['--tracked']);
  assert.equal(found.code, 1);
  assert.deepEqual(files(found), ['tracked ü\ufffd.txt']);
  assert.match(found.stderr, /Skipped, not in the working folder: gone\.txt/);
  assert.match(found.stderr, /Skipped, symbolic link: link/);
});

test('--tracked does not follow what has become a link', async () => {
  write('ignored.env', madeKey());
  write('a.txt', 'nothing');
  git('add', 'a.txt');
  rmSync(join(folder, 'a.txt'));
  symlinkSync('ignored.env', join(folder, 'a.txt'));
  const found = await check(['--tracked']);
  assert.deepEqual([found.code, found.stdout], [2, '']);
  assert.match(found.stderr, /could not read, ELOOP: a\.txt/);
});

test('--tracked does not follow a folder that has become a link', async () => {
  mkdirSync(join(folder, 'repository/d/e'), { recursive: true });
  write('repository/d/e/f.txt', 'nothing');
  const repository = join(folder, 'repository');
  git('add', '.');
  mkdirSync(join(folder, 'elsewhere/e'), { recursive: true });
  write('elsewhere/e/f.txt', madeKey());
  rmSync(join(repository, 'd'), { recursive: true });
  symlinkSync('../elsewhere', join(repository, 'd'));
  for (const paths of [[], ['d'], ['d/e/f.txt']]) {
    const found = await check(['--tracked', ...paths], repository);
    assert.deepEqual([found.code, found.stdout], [2, '']);
    assert.match(found.stderr, /could not read, below a symbolic link: d\/e\/f\.txt/);
  }
});

test('--tracked does not wait for what has become a pipe', async () => {
  write('a.txt', 'nothing');
  git('add', 'a.txt');
  rmSync(join(folder, 'a.txt'));
  assert.equal(spawnSync('mkfifo', [join(folder, 'a.txt')]).status, 0);
  const waits = check(['--tracked']);
  const found = await Promise.race([waits, setTimeout(20_000, undefined, { ref: false })]);
  if (found === undefined) {
    writeFileSync(join(folder, 'a.txt'), '');
    await waits;
  }
  assert.deepEqual([found?.code, found?.stdout], [2, '']);
  assert.match(found?.stderr ?? '', /could not read, not a file: a\.txt/);
});

test('--tracked reads no path that leads out of the repository', async () => {
  mkdirSync(join(folder, 'repository/xx'), { recursive: true });
  const repository = join(folder, 'repository');
  spawnSync('git', ['init', '-q'], { cwd: repository, env });
  write('repository/xx/a.txt', 'nothing');
  write('a.txt', madeKey());
  spawnSync('git', ['add', '.'], { cwd: repository, env });
  const index = join(repository, '.git/index');
  const made = readFileSync(index, 'latin1').slice(0, -20).replace('xx/a.txt', '../a.txt');
  const bytes = Buffer.from(made, 'latin1');
  writeFileSync(index, Buffer.concat([bytes, createHash('sha1').update(bytes).digest()]));
  for (const paths of [[], ['.']]) {
    const found = await check(['--tracked', ...paths], repository);
    assert.deepEqual([found.code, found.stdout], [2, '']);
    assert.match(found.stderr, /could not read, no path in a repository: \.\.\/a\.txt/);
  }
});

test('--tracked keeps to a folder, and refuses what git does not know', async () => {
  mkdirSync(join(folder, 'sub'));
  write('a.txt', madeKey());
  write('sub/b.txt', madeKey());
  git('add', '.');
  assert.deepEqual(files(await check(['--tracked', 'sub'])), ['sub/b.txt']);
  const sub = join(folder, 'sub');
  assert.deepEqual(files(await check(['--tracked'], sub)), ['b.txt']);
  assert.deepEqual(files(await check(['--tracked', '../a.txt'], sub)), ['../a.txt']);
  for (const glob of ['sub/*', 'sub', '*b', '**/b.*']) {
    assert.deepEqual(files(await check(['--tracked', '--exclude', glob])), ['a.txt'], glob);
  }
  assert.equal((await check(['--tracked', 'other'])).code, 2);
});

test('--staged is shown no other file in the place of what is staged', async () => {
  write('a.txt', madeKey());
  write('harmless.txt', 'harmless');
  git('add', 'a.txt');
  const [staged, harmless] = ['a.txt', 'harmless.txt'].map((name) =>
    git('hash-object', '-w', name).output.trim(),
  );
  assert.equal(git('replace', staged ?? '', harmless ?? '').status, 0);
  const found = await check(['--staged']);
  assert.deepEqual([found.code, files(found)], [1, ['a.txt']]);
});

test('--staged searches what would be committed, not what lies in the folder', async () => {
  write('staged.txt', madeKey());
  write('clean.txt', 'nothing');
  write('old.txt', madeKey());
  git('add', 'old.txt');
  git('commit', '-qm', 'a');
  git('add', 'staged.txt', 'clean.txt');
  write('staged.txt', 'taken out, but not staged');
  write('clean.txt', madeKey());
  git('rm', '-q', '--cached', 'old.txt');
  const found = await check(['--staged']);
  assert.deepEqual([found.code, files(found)], [1, ['staged.txt']]);
  assert.match(found.stderr, /Searched 2 files/);
});

test('the pre-commit hook stops a commit with a key, in each way of committing', () => {
  const hook = `#!/bin/sh\nexec "${process.execPath}" "${main}" keys check-leak --staged\n`;
  writeFileSync(join(folder, '.git/hooks/pre-commit'), hook, { mode: 0o755 });
  write('a.txt', 'one');
  write('b.txt', 'one');
  git('add', '.');
  assert.equal(git('commit', '-qm', 'the first').status, 0);
  write('a.txt', madeKey());
  for (const way of [['-a'], ['a.txt'], ['--only', 'a.txt']]) {
    const { status, output } = git('commit', '-qm', 'a key', ...way);
    assert.equal(status, 1, way.join(' '));
    assert.match(output, /a\.txt:1:1: live secret key/);
  }
  git('add', 'a.txt');
  assert.equal(git('commit', '-qm', 'a key').status, 1);
  git('reset', '-q');
  write('b.txt', 'two');
  assert.equal(git('commit', '-qm', 'another file', 'b.txt').status, 0);
});

test('settings of the repository run nothing', async () => {
  const ran = join(folder, 'ran');
  const script = `#!/bin/sh\ntouch "${ran}"\n`;
  writeFileSync(join(folder, 'evil.sh'), script, { mode: 0o755 });
  write('.gitattributes', '* diff=evil filter=evil');
  git('add', '.gitattributes', 'evil.sh');
  for (const name of ['core.fsmonitor', 'diff.external', 'diff.evil.textconv', 'core.pager']) {
    git('config', name, join(folder, 'evil.sh'));
  }
  git('config', 'filter.evil.smudge', join(folder, 'evil.sh'));
  for (const option of ['--tracked', '--staged']) {
    const { code, stderr } = await check([option]);
    assert.equal(code, 0, stderr);
  }
  assert.ok(!existsSync(ran));
});

test('what a partial clone misses is not fetched: its settings name what fetches', async () => {
  const ran = join(folder, 'ran');
  const real = spawnSync('sh', ['-c', 'command -v git'], { env, encoding: 'utf8' }).stdout.trim();
  git('config', 'extensions.partialClone', 'origin');
  git('config', 'remote.origin.promisor', 'true');
  git('config', 'remote.origin.uploadpack', `touch "${ran}"; git-upload-pack`);
  git('config', 'protocol.ext.allow', 'always');
  git('update-index', '--add', '--cacheinfo', `100644,${'12'.repeat(20)},a.txt`);
  mkdirSync(join(folder, 'bin'));
  for (const url of [folder, `ext::sh -c touch% ${ran}`]) {
    git('config', 'remote.origin.url', url);
    // Each of the two is enough: older versions of git do not know the first.
    for (const unknown of ['GIT_NO_LAZY_FETCH', 'GIT_ALLOW_PROTOCOL']) {
      const older = `#!/bin/sh\nunset ${unknown}\nexec ${real} "$@"\n`;
      writeFileSync(join(folder, 'bin/git'), older, { mode: 0o755 });
      const PATH = `${join(folder, 'bin')}:${env.PATH}`;
      const found = await check(['--staged'], folder, { ...env, PATH });
      assert.deepEqual([found.code, found.stdout], [2, '']);
      assert.match(found.stderr, /Git does not answer\.\n {2}fatal: /);
      assert.ok(!existsSync(ran), `${unknown} ${url}`);
    }
  }
});

test('outside of a repository, and without git, it says so', async () => {
  rmSync(join(folder, '.git'), { recursive: true });
  const outside = await check(['--tracked']);
  assert.equal(outside.code, 2);
  assert.match(outside.stderr, /Git does not answer\.\n {2}fatal: not a git repository/);
  const without = await payos(folder, ['keys', 'check-leak', '--tracked'], { PATH: folder });
  assert.equal(without.code, 2);
  assert.match(without.stderr, /Git does not answer\.\n {2}spawn git ENOENT/);
});
