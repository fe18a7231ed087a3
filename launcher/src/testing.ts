import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import pg from 'pg';
import { type Postgres, startPostgres } from './postgres.ts';

/** A folder for the tests of one file, removed after them. */
export function testFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `payos-${name}-`));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export const superuserPassword = 'a password of the tests';

/** A small PostgreSQL for the tests of one file. Data need not survive the power going out. */
export function testPostgres(directory: string): Promise<Postgres> {
  return startPostgres({
    directory,
    password: superuserPassword,
    logFile: join(directory, 'postgres.log'),
    settings: { fsync: 'off', shared_buffers: '16MB' },
  });
}

/** The rows of one statement on a connection of its own. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
