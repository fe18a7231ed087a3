import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Postgres, type PostgresOptions, startPostgres } from './postgres.ts';
import { messageOf } from './refusal.ts';
import {
  closeMaintenanceDatabases,
  ensureDatabase,
  ensureRoles,
  type RoleName,
  rolesOf,
  type Zone,
} from './roles.ts';
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

export const databaseOf = { control: 'payos', vault: 'payos_vault' } as const;

/** Creates the databases of these zones and their roles, those that are missing. */
export async function prepareCluster(
  superuserUrl: string,
  passwords: Readonly<Record<RoleName, string>>,
  zones: readonly Zone[],
): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    // While the last database is missing, any step before it may be missing.
    const names = zones.map((zone) => databaseOf[zone]);
    const { rowCount } = await client.query(
      'SELECT FROM pg_database WHERE datname = $1 AND datallowconn',
      [names.at(-1)],
    );
    if (rowCount === 0) await closeMaintenanceDatabases(client);
    const roles = zones.flatMap((zone) => rolesOf[zone]);
    await ensureRoles(client, Object.fromEntries(roles.map((role) => [role, passwords[role]])));
    for (const zone of zones) await ensureDatabase(client, { name: databaseOf[zone], zone });
  } finally {
    await client.end();
  }
}
