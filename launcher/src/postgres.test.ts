import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import type { Postgres } from './postgres.ts';
import { clusterExists, dataDirectory } from './postgres-cluster.ts';
import { explainOutput } from './postgres-program.ts';
import { allRoles, ensureDatabase, ensureRoles, type RoleName } from './roles.ts';
import { shortPath } from './short-path.ts';
import { query, superuserPassword, testFolder, testPostgres } from './testing.ts';
import { databaseIdentity } from './unprivileged.ts';

const root = testFolder('postgres');

describe('an embedded PostgreSQL', () => {
  // A path far beyond what the address of a Unix socket can hold.
  const directory = join(root, 'a'.repeat(60), 'b'.repeat(60));
  let server: Postgres;
  const superuser = () => server.url('postgres', superuserPassword, 'postgres');

  before(async () => {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // What an interrupted initdb leaves behind.
    mkdirSync(join(directory, 'data.new', 'base'), { recursive: true });
    server = await testPostgres(directory);
  });
  after(async () => {
    await server.stop();
    rmSync(dirname(shortPath(dataDirectory(directory))), { recursive: true });
  });

  it('is created, answers, and keeps its folder to itself', async () => {
    const shown = await query(superuser(), 'SHOW data_checksums');
    assert.deepEqual(shown, [{ data_checksums: 'on' }]);
    assert.equal(statSync(dataDirectory(directory)).mode & 0o777, 0o700);
    assert.equal(server.adopted, false);
  });

  it('wants the password', async () => {
    const url = server.url('postgres', 'another', 'postgres');
    await assert.rejects(query(url, 'SELECT 1'), { code: '28P01' });
  });

  it('writes no value of a failing statement into its log', async () => {
    await query(superuser(), 'CREATE TABLE marked (id text PRIMARY KEY)');
    const twice = `INSERT INTO marked VALUES ('marker-4711'), ('marker-4711')`;
    await assert.rejects(query(superuser(), twice), { code: '23505' });
    const log = readFileSync(join(directory, 'postgres.log'), 'utf8');
    assert.match(log, /duplicate key value/);
    assert.doesNotMatch(log, /marker-4711/);
  });

  it('is adopted when it is already running', async () => {
    const again = await testPostgres(directory);
    assert.equal(again.adopted, true);
    assert.equal(again.pid, server.pid);
    await again.stop();
    await server.ended;
    server = await testPostgres(directory);
    assert.equal(server.adopted, false);
  });

  it('comes back after kill -9 with everything committed', async () => {
    await query(superuser(), 'CREATE TABLE kept AS SELECT 1 AS n');
    process.kill(server.pid, 'SIGKILL');
    await server.ended;
    server = await testPostgres(directory);
    assert.deepEqual(await query(superuser(), 'SELECT n FROM kept'), [{ n: 1 }]);
  });

  it('starts although its old process id belongs to somebody else now', async () => {
    await server.stop();
    // Of the same user: PostgreSQL knows by itself that another user's process is not its own.
    const identity = databaseIdentity(dataDirectory(directory));
    const stranger = spawn('sleep', ['60'], { ...identity, stdio: 'ignore' });
    await once(stranger, 'spawn');
    for (const name of ['postmaster.pid', '.s.PGSQL.5432.lock']) {
      const lines = `${stranger.pid}\n/elsewhere\n1\n5432\n.\n\n1 1\nready\n`;
      writeFileSync(join(dataDirectory(directory), name), lines);
    }
    try {
      server = await testPostgres(directory);
      assert.notEqual(server.pid, stranger.pid);
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('keeps the two zones apart', async () => {
    const passwords = Object.fromEntries(allRoles.map((role) => [role, `of ${role}`]));
    const client = new pg.Client({ connectionString: superuser() });
    await client.connect();
    try {
      await ensureRoles(client, passwords as Record<RoleName, string>);
      assert.deepEqual(await ensureRoles(client, passwords as Record<RoleName, string>), []);
      await ensureDatabase(client, { name: 'one', zone: 'control' });
      await ensureDatabase(client, { name: 'two', zone: 'vault' });
      await ensureDatabase(client, { name: 'three', zone: 'control', template: 'one' });
      assert.equal(await ensureDatabase(client, { name: 'one', zone: 'control' }), false);
    } finally {
      await client.end();
    }
    const as = (role: RoleName, database: string) =>
      query(server.url(role, `of ${role}`, database), 'SELECT current_user AS who');
    for (const role of ['payos_owner', 'payos_app', 'payos_read'] as const) {
      assert.deepEqual(await as(role, 'one'), [{ who: role }]);
      assert.deepEqual(await as(role, 'three'), [{ who: role }]);
      await assert.rejects(as(role, 'two'), { code: '42501' });
    }
    for (const role of ['payos_vault_owner', 'payos_vault_app'] as const) {
      assert.deepEqual(await as(role, 'two'), [{ who: role }]);
      await assert.rejects(as(role, 'one'), { code: '42501' });
    }
    const reader = server.url('payos_read', 'of payos_read', 'one');
    await assert.rejects(query(reader, 'CREATE TEMP TABLE t ()'), { code: '25006' });
  });
});

describe('a data directory that is not ours to start', () => {
  it('is refused when another major version made it', async () => {
    const directory = mkdtempSync(join(root, 'old-'));
    mkdirSync(dataDirectory(directory));
    writeFileSync(join(dataDirectory(directory), 'PG_VERSION'), '17\n');
    await assert.rejects(testPostgres(directory), {
      name: 'Refusal',
      message: /made by PostgreSQL 17, this is PostgreSQL 18/,
    });
  });

  it('is refused when it holds something else', async () => {
    const directory = mkdtempSync(join(root, 'other-'));
    mkdirSync(dataDirectory(directory));
    writeFileSync(join(dataDirectory(directory), 'letter.txt'), 'dear reader');
    await assert.rejects(testPostgres(directory), { name: 'Refusal' });
    assert.equal(clusterExists(directory), false);
  });
});

describe('a library that the machine lacks', () => {
  it('is named with its package', () => {
    const said = 'postgres: error while loading shared libraries: libstdc++.so.6: cannot open';
    assert.match(explainOutput(said).message, /libstdc\+\+\.so\.6 .* apt-get install libstdc\+\+6/);
  });
});
