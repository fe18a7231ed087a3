import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Postgres, type PostgresOptions, startPostgres } from './postgres.ts';
import { messageOf } from './refusal.ts';
import { closeMaintenanceDatabases, ensureDatabase, ensureRoles, type RoleName } from './roles.ts';
import { complain, say } from './screen.ts';

/** The embedded PostgreSQL, kept running. */
export type Cluster = {
  url(user: string, password: string, database: string): string;
  stop(): Promise<void>;
  /** Ends it at once; it recovers at the next start. */
  kill(): void;
};

/** Starts it, and again whenever it ends by itself. */
export async function runCluster(options: PostgresOptions): Promise<Cluster> {
  let server: Postgres = await startPostgres(options);
  let stopping = false;
  const keepRunning = async () => {
    for (;;) {
      await server.ended;
      if (stopping) return;
      complain('PostgreSQL ended unexpectedly, starting it again.');
      server = await restart(options, () => stopping);
      if (stopping) return server.stop();
      say('PostgreSQL is back.');
    }
  };
  void keepRunning().catch((error) => {
    if (!stopping) complain(messageOf(error));
  });
  return {
    url: (user, password, database) => server.url(user, password, database),
    stop: () => {
      stopping = true;
      return server.stop();
    },
    kill: () => {
      stopping = true;
      process.kill(server.pid, 'SIGQUIT');
    },
  };
}

async function restart(options: PostgresOptions, isStopping: () => boolean): Promise<Postgres> {
  for (let pause = 200; ; pause = Math.min(pause * 2, 5000)) {
    try {
      return await startPostgres(options);
    } catch (error) {
      if (isStopping()) throw error;
      complain(`${messageOf(error)} Trying again.`);
      await sleep(pause);
    }
  }
}

/** Creates the two databases and their roles, those that are missing. */
export async function prepareCluster(
  superuserUrl: string,
  passwords: Readonly<Record<RoleName, string>>,
): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    // The vault's database comes last: while it is missing, any step before it may be missing.
    const { rowCount } = await client.query(
      `SELECT FROM pg_database WHERE datname = 'payos_vault' AND datallowconn`,
    );
    if (rowCount === 0) await closeMaintenanceDatabases(client);
    await ensureRoles(client, passwords);
    await ensureDatabase(client, { name: 'payos', zone: 'control' });
    await ensureDatabase(client, { name: 'payos_vault', zone: 'vault' });
  } finally {
    await client.end();
  }
}
