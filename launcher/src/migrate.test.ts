import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { migrate } from './migrate.ts';
import type { Postgres } from './postgres.ts';
import { query, superuserPassword, testFolder, testPostgres } from './testing.ts';

describe('migrations', () => {
  const root = testFolder('migrate');
  let server: Postgres;
  let count = 0;

  before(async () => {
    server = await testPostgres(root);
  });
  after(() => server.stop());

  /** A new database, and a folder with these files. */
  async function prepare(files: Readonly<Record<string, string>>) {
    count += 1;
    const name = `migrated_${count}`;
    const superuser = server.url('postgres', superuserPassword, 'postgres');
    await query(superuser, `CREATE DATABASE ${name}`);
    const directory = mkdtempSync(join(root, 'sql-'));
    mkdirSync(directory, { recursive: true });
    for (const [file, sql] of Object.entries(files)) writeFileSync(join(directory, file), sql);
    return { url: server.url('postgres', superuserPassword, name), directory };
  }

  it('are applied in order, once', async () => {
    const at = await prepare({
      '0001-first.sql': 'CREATE TABLE a (n integer);',
      '0002-second.sql': 'ALTER TABLE a ADD m integer; INSERT INTO a VALUES (1, 2);',
    });
    assert.deepEqual(await migrate(at), ['0001-first.sql', '0002-second.sql']);
    assert.deepEqual(await migrate(at), []);
    writeFileSync(join(at.directory, '0003-third.sql'), 'INSERT INTO a VALUES (3, 4);');
    assert.deepEqual(await migrate(at), ['0003-third.sql']);
    assert.deepEqual(await query(at.url, 'SELECT count(*)::int AS n FROM a'), [{ n: 2 }]);
  });

  it('are applied by one of many that begin together', async () => {
    // Without the lock the second file would run more than once, or fail on the first one's table.
    const at = await prepare({
      '0001-first.sql': 'CREATE TABLE a (n integer); SELECT pg_sleep(0.1);',
      '0002-second.sql': 'INSERT INTO a VALUES (1);',
      '0003-index.sql': '-- no-transaction\nCREATE INDEX CONCURRENTLY a_n ON a (n);',
    });
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(at)));
    assert.equal(applied.flat().length, 3);
    assert.deepEqual(await query(at.url, 'SELECT n FROM a'), [{ n: 1 }]);
  });

  it('leave nothing behind when they fail, and say which one it was', async () => {
    const at = await prepare({
      '0001-first.sql': 'CREATE TABLE a (n integer);',
      '0002-bad.sql': 'CREATE TABLE b (n integer); SELECT 1 / 0;',
    });
    const message = 'Migration 0002-bad.sql failed: division by zero';
    await assert.rejects(migrate(at), { name: 'Refusal', message });
    assert.deepEqual(await query(at.url, `SELECT to_regclass('b') AS b`), [{ b: null }]);
    writeFileSync(join(at.directory, '0002-bad.sql'), 'CREATE TABLE b (n integer);');
    assert.deepEqual(await migrate(at), ['0002-bad.sql']);
  });

  it('are refused when an applied file has changed or is gone', async () => {
    const at = await prepare({ '0001-first.sql': 'CREATE TABLE a (n integer);' });
    await migrate(at);
    const file = join(at.directory, '0001-first.sql');
    writeFileSync(file, 'CREATE TABLE a (n integer);\r\n');
    await assert.rejects(migrate(at), { name: 'Refusal', message: /has changed/ });
    writeFileSync(file, 'CREATE TABLE a (n integer);');
    assert.deepEqual(await migrate(at), []);
    rmSync(file);
    await assert.rejects(migrate(at), { name: 'Refusal', message: /does not know/ });
  });

  it('keep their checksum when a checkout changes the line ends', async () => {
    const at = await prepare({ '0001-first.sql': 'CREATE TABLE a (\n  n integer\n);\n' });
    await migrate(at);
    const file = join(at.directory, '0001-first.sql');
    writeFileSync(file, 'CREATE TABLE a (\r\n  n integer\r\n);\r\n');
    assert.deepEqual(await migrate(at), []);
  });

  it('must be numbered without gaps', async () => {
    const at = await prepare({ '0001-first.sql': 'SELECT 1;', '0003-third.sql': 'SELECT 1;' });
    await assert.rejects(migrate(at), { name: 'Refusal', message: /must begin with 0002-/ });
  });
});
