import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ensureCertificates } from '../../launcher/src/certificates.ts';
import { migrate } from '../../launcher/src/migrate.ts';
import { type Postgres, startPostgres } from '../../launcher/src/postgres.ts';
import { allRoles, ensureDatabase, ensureRoles, type RoleName } from '../../launcher/src/roles.ts';
import { ensureSigningKeys } from '../../launcher/src/signing-keys.ts';

/** One PostgreSQL and one set of certificates for a whole test run, found through a file. */
export type Cluster = {
  directory: string;
  certificates: string;
  passwords: Record<RoleName | 'postgres', string>;
  /** URL with `USER`, `PASSWORD` and `DATABASE` to fill in. */
  url: string;
};

const root = join(import.meta.dirname, '../..');
const variable = 'PAYOS_TEST_CLUSTER';
export const controlTemplate = 'payos_template';
export const vaultTemplate = 'payos_vault_template';

export type RunningCluster = {
  cluster: Cluster;
  /** Ends PostgreSQL as a power cut would, and starts it again over the same files. */
  crashAndRestart(): Promise<void>;
  stop(): Promise<void>;
};

/** What makes tests fast: the files need not survive a power cut of the machine. */
const fast = {
  // Of all installations that stand beside each other.
  max_connections: '400',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  // Less of what is written lies around, where that is in memory.
  max_wal_size: '128MB',
};

/**
 * Starts a cluster with migrated template databases.
 *
 * @param options `durable`: with the settings of real use, for benchmarks and crash tests;
 *   `within`: the folder to keep it in
 */
export async function startCluster(
  options: { durable?: boolean; within?: string } = {},
): Promise<RunningCluster> {
  const directory = mkdtempSync(join(options.within ?? tmpdir(), 'payos-test-'));
  // PostgreSQL runs as another user when the tests run as root, and must reach its folder.
  chmodSync(directory, 0o711);
  const database = join(directory, 'postgres');
  mkdirSync(database, { mode: 0o711 });
  const names = ['postgres', ...allRoles] as const;
  const passwords = Object.fromEntries(
    names.map((name) => [name, randomBytes(12).toString('hex')]),
  ) as Cluster['passwords'];
  const start = () =>
    startPostgres({
      directory: database,
      password: passwords.postgres,
      logFile: join(directory, 'postgres.log'),
      settings: options.durable === true ? {} : fast,
    });
  let postgres = await start();
  const cluster: Cluster = {
    directory,
    certificates: join(directory, 'tls'),
    passwords,
    url: postgres.url('USER', 'PASSWORD', 'DATABASE'),
  };
  await Promise.all([makeTemplates(cluster), ensureCertificates(cluster.certificates, new Date())]);
  ensureSigningKeys(cluster.certificates);
  writeFileSync(join(directory, 'cluster.json'), JSON.stringify(cluster), { mode: 0o600 });
  return {
    cluster,
    crashAndRestart: async () => {
      process.kill(postgres.pid, 'SIGKILL');
      await postgres.ended;
      postgres = await start();
    },
    stop: () => stopCluster(postgres, directory),
  };
}

async function stopCluster(postgres: Postgres, directory: string): Promise<void> {
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
}

/** Names the cluster to the processes of the test files. */
export function clusterEnvironment(cluster: Cluster): Record<string, string> {
  return { [variable]: join(cluster.directory, 'cluster.json') };
}

let own: Promise<RunningCluster> | undefined;
let users = 0;

/** The cluster of this run; a test file that runs by itself gets one of its own. */
export async function useCluster(): Promise<Cluster> {
  const file = process.env[variable];
  if (file !== undefined) return JSON.parse(readFileSync(file, 'utf8')) as Cluster;
  own ??= startCluster();
  users += 1;
  return (await own).cluster;
}

/** The last to release a cluster that {@link useCluster} started in this process ends it. */
export async function releaseCluster(): Promise<void> {
  users -= 1;
  if (own === undefined || users > 0) return;
  const { stop } = await own;
  own = undefined;
  await stop();
}

/** URL of a database as one of the roles. */
export function databaseUrl(cluster: Cluster, role: RoleName | 'postgres', name: string): string {
  return cluster.url
    .replace('USER', role)
    .replace('PASSWORD', cluster.passwords[role])
    .replace('DATABASE', name);
}

async function makeTemplates(cluster: Cluster): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl(cluster, 'postgres', 'postgres') });
  await client.connect();
  try {
    const { postgres: _, ...passwords } = cluster.passwords;
    await ensureRoles(client, passwords);
    await ensureDatabase(client, { name: controlTemplate, zone: 'control' });
    await ensureDatabase(client, { name: vaultTemplate, zone: 'vault' });
  } finally {
    await client.end();
  }
  await migrate({
    url: databaseUrl(cluster, 'payos_owner', controlTemplate),
    directory: join(root, 'server/migrations'),
  });
  await migrate({
    url: databaseUrl(cluster, 'payos_vault_owner', vaultTemplate),
    directory: join(root, 'vault/migrations'),
  });
}

export type Databases = { control: string; vault: string };

/** Clones both template databases under new names. */
export async function cloneDatabases(cluster: Cluster): Promise<Databases> {
  const suffix = randomBytes(6).toString('hex');
  const names = { control: `payos_${suffix}`, vault: `payos_vault_${suffix}` };
  const client = new pg.Client({ connectionString: databaseUrl(cluster, 'postgres', 'postgres') });
  await client.connect();
  try {
    const control = { name: names.control, zone: 'control', template: controlTemplate } as const;
    const vault = { name: names.vault, zone: 'vault', template: vaultTemplate } as const;
    await ensureDatabase(client, control);
    await ensureDatabase(client, vault);
  } finally {
    await client.end();
  }
  return names;
}

/** Drops cloned databases, whoever is still connected. */
export async function dropDatabases(cluster: Cluster, names: Databases): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl(cluster, 'postgres', 'postgres') });
  await client.connect();
  try {
    for (const name of [names.control, names.vault]) {
      await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    }
  } finally {
    await client.end();
  }
}
