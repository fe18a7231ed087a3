import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { databaseUrl } from '../../../tools/harness/cluster.ts';
import type { Installation } from '../../../tools/harness/installation.ts';

/** The first version of PostgreSQL that a pg_dump cannot read is the one after its own. */
function hasDumper(major: number): boolean {
  const { stdout } = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' });
  return Number(/PostgreSQL\) (\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= major;
}

/**
 * A database as a backup has it: by the pg_dump of the machine, where it is new enough; otherwise
 * by COPY of every table, which is what pg_dump writes of rows. PostgreSQL from npm brings none.
 *
 * @param folder is made; PostgreSQL writes into it
 */
export async function dumpDatabase(
  { cluster, databases, connect }: Pick<Installation, 'cluster' | 'databases' | 'connect'>,
  which: 'control' | 'vault',
  folder: string,
): Promise<Buffer> {
  const client = await connect(which);
  try {
    const { rows: version } = await client.query('SHOW server_version_num');
    if (hasDumper(Math.trunc(Number(version[0].server_version_num) / 10_000))) {
      const url = databaseUrl(cluster, 'postgres', databases[which]);
      const { status, stdout, stderr } = spawnSync('pg_dump', [url], { maxBuffer: 2 ** 30 });
      if (status !== 0) throw new Error(stderr.toString());
      return stdout;
    }
    mkdirSync(folder);
    // PostgreSQL writes it, which is another user where the tests are root.
    chmodSync(folder, 0o777);
    const { rows: tables } = await client.query(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    );
    for (const { name } of tables) await client.query(`COPY ${name} TO '${folder}/${name}'`);
  } finally {
    await client.end();
  }
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
}

/** Which of the texts are the whole value of a column, as text or as bytes. */
export async function columnsWith(
  { connect }: Pick<Installation, 'connect'>,
  which: 'control' | 'vault',
  texts: readonly string[],
): Promise<string[]> {
  const client = await connect(which);
  try {
    const { rows: columns } = await client.query(
      `SELECT table_name AS of, column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'bytea')`,
    );
    const looks = columns.map(({ of, name }) => {
      return `SELECT '${of}.${name}' AS place FROM ${of} WHERE "${name}"::text = ANY($1)`;
    });
    const bytes = texts.map((text) => `\\x${Buffer.from(text).toString('hex')}`);
    const { rows } = await client.query(looks.join(' UNION ALL '), [[...texts, ...bytes]]);
    return rows.map(({ place }) => place);
  } finally {
    await client.end();
  }
}
