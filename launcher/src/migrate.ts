import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { messageOf, Refusal } from './refusal.ts';

type MigrateOptions = {
  /** The database, as the owner of its tables. */
  url: string;
  /**
   * Folder of `0001-words.sql`, `0002-words.sql`, …. Each runs in a transaction, unless its first
   * line is `-- no-transaction`: then it holds a single statement that can be repeated.
   */
  directory: string;
};

type Migration = {
  number: number;
  name: string;
  checksum: string;
  sql: string;
  transactional: boolean;
};

type Applied = { number: number; name: string; checksum: string };

/**
 * Brings a database up to date. Forward only; several may run at once, one of them does the work.
 *
 * @returns the names of the files applied now, in order
 * @throws Refusal when an applied file has changed or is missing, or a file fails
 */
export async function migrate({ url, directory }: MigrateOptions): Promise<string[]> {
  const migrations = readMigrations(directory);
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    if (pending(migrations, await readApplied(client)).length === 0) return [];
    await lock(client);
    await client.query(createTable);
    const todo = pending(migrations, await readApplied(client));
    for (const migration of todo) await apply(client, migration);
    return todo.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** Reads the numbered files of a folder, in order. */
function readMigrations(directory: string): Migration[] {
  const files = readdirSync(directory).filter((name) => name.endsWith('.sql'));
  const migrations = files.sort().map((name, index) => {
    const number = Number(/^(\d{4})[_-][a-z0-9_-]+\.sql$/.exec(name)?.[1]);
    if (number !== index + 1) {
      const expected = String(index + 1).padStart(4, '0');
      throw new Refusal(`${join(directory, name)}: the name must begin with ${expected}-.`);
    }
    // Line ends differ between checkouts of the same file; they must not change its checksum.
    const sql = readFileSync(join(directory, name), 'utf8').replaceAll('\r\n', '\n');
    const checksum = createHash('sha256').update(sql).digest('hex');
    return { number, name, checksum, sql, transactional: !/^-- no-transaction\s*\n/.test(sql) };
  });
  return migrations;
}

const createTable = `
  CREATE TABLE IF NOT EXISTS schema_migrations (
    number integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`;

async function readApplied(client: pg.Client): Promise<Applied[]> {
  const { rows } = await client.query(`SELECT to_regclass('schema_migrations') AS found`);
  if (rows[0]?.found === null) return [];
  const query = 'SELECT number, name, checksum FROM schema_migrations ORDER BY number';
  return (await client.query<Applied>(query)).rows;
}

function pending(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  for (const { number, name, checksum } of applied) {
    const file = migrations[number - 1];
    if (file === undefined) {
      throw new Refusal(
        `The database has migration ${name}, which this version of PayOS does not know. ` +
          'Start the newer version that applied it.',
      );
    }
    if (file.name !== name || file.checksum !== checksum) {
      throw new Refusal(
        `Migration ${file.name} has changed since it was applied as ${name}. ` +
          'Restore the file; put the change into a new migration.',
      );
    }
  }
  return migrations.slice(applied.length);
}

/** Any constant will do; advisory locks belong to one database. */
const lockKey = 7_012_016;

/**
 * Asks again and again instead of waiting inside the database: CREATE INDEX CONCURRENTLY waits for
 * every older statement, also for one that waits for this lock.
 */
async function lock(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS locked', [lockKey]);
    if (rows[0]?.locked === true) return;
    await sleep(50);
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  const { number, name, checksum, sql, transactional } = migration;
  const record = 'INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)';
  try {
    if (transactional) await client.query('BEGIN');
    await client.query(sql);
    await client.query(record, [number, name, checksum]);
    if (transactional) await client.query('COMMIT');
  } catch (error) {
    if (transactional) await client.query('ROLLBACK').catch(() => {});
    throw new Refusal(`Migration ${name} failed: ${messageOf(error)}`);
  }
}
