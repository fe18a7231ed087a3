import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { buildDashboard } from './build-dashboard.ts';
import { buildFields } from './build-fields.ts';
import { repository } from './layout.ts';
import { testFolder } from './testing.ts';

const checkout = testFolder('checkout');
const dist = join(checkout, 'dashboard', 'dist');
const source = join(checkout, 'dashboard', 'src', 'clock.ts');
const stamp = () => readFileSync(join(dist, '.stamp'), 'utf8');
const leftOvers = () =>
  readdirSync(join(checkout, 'dashboard')).filter((name) => name.startsWith('.dist'));

describe('the build of the dashboard', { timeout: 120_000 }, () => {
  before(async () => {
    for (const part of ['dashboard', 'contract', 'package-lock.json', 'tsconfig.json']) {
      const filter = (path: string) => !/\/(dist|test|\.dist-\w+)$/.test(path);
      cpSync(join(repository, part), join(checkout, part), { recursive: true, filter });
    }
    symlinkSync(join(repository, 'node_modules'), join(checkout, 'node_modules'));
    await Promise.all([buildDashboard(checkout), buildDashboard(checkout)]);
  });

  it('is made where there is none, whole, by whoever is first', () => {
    assert.match(readFileSync(join(dist, 'index.html'), 'utf8'), /\/assets\/index-.*\.js/);
    assert.deepEqual(leftOvers(), []);
  });

  it('is left alone as long as its sources are', async () => {
    rmSync(join(dist, 'icon.svg'));
    await buildDashboard(checkout);
    assert.equal(existsSync(join(dist, 'icon.svg')), false);
  });

  it('is made again after a change', async () => {
    const old = stamp();
    appendFileSync(source, '// Another line.\n');
    const abandoned = join(checkout, 'dashboard', '.dist-cut');
    mkdirSync(abandoned);
    utimesSync(abandoned, 0, 0);
    await buildDashboard(checkout);
    assert.notEqual(stamp(), old);
    assert.deepEqual(leftOvers(), []);
    assert.equal(existsSync(join(dist, 'icon.svg')), true);
  });

  it('of the secure fields is the same in another folder, and keeps older versions', async () => {
    const copy = testFolder('copy');
    for (const part of ['fields', 'contract', 'package-lock.json', 'tsconfig.json']) {
      const filter = (path: string) => !/\/(dist|test|\.dist-\w+)$/.test(path);
      cpSync(join(repository, part), join(copy, part), { recursive: true, filter });
    }
    symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
    const built = (name: string) => join(copy, 'fields', 'dist', name);
    mkdirSync(built('v0.9.0'), { recursive: true });
    writeFileSync(built('v0.9.0/payos.js'), 'old');
    await buildFields(copy);
    assert.equal(readFileSync(built('v0.9.0/payos.js'), 'utf8'), 'old');
    const manifest = readFileSync(join(repository, 'fields', 'integrity.json'), 'utf8');
    for (const { path, integrity } of JSON.parse(manifest).scripts) {
      const content = readFileSync(built(path.replace('/fields/', '')));
      const hash = createHash('sha384').update(content).digest('base64');
      assert.equal(`sha384-${hash}`, integrity, path);
    }
  });

  it('that cannot be made at all is told, and stops nothing', async () => {
    const bare = testFolder('bare');
    await buildDashboard(bare);
    assert.deepEqual(readdirSync(bare), []);
  });

  it('stays as it was where the sources do not build', async () => {
    const text = readFileSync(source, 'utf8');
    const old = stamp();
    writeFileSync(source, 'export const now = (;');
    await buildDashboard(checkout);
    assert.equal(stamp(), old);
    assert.deepEqual(leftOvers(), []);
    writeFileSync(source, text);
  });

  it('stays as it was in a checkout that cannot be written', async (t) => {
    if (process.getuid?.() === 0) return t.skip('root may write everywhere');
    const old = stamp();
    appendFileSync(source, '// One more line.\n');
    chmodSync(join(checkout, 'dashboard'), 0o555);
    await buildDashboard(checkout);
    chmodSync(join(checkout, 'dashboard'), 0o755);
    assert.equal(stamp(), old);
  });
});
