import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from './certificate-files.ts';
import type { Derived } from './child-settings.ts';
import { type Cluster, prepareCluster, runCluster } from './cluster.ts';
import { type ExternalZone, hasData, prepareExternal } from './external.ts';
import { type Layout, logFile, repository } from './layout.ts';
import { migrate } from './migrate.ts';
import { clusterExists } from './postgres-cluster.ts';
import { Refusal } from './refusal.ts';
import type { RoleName } from './roles.ts';
import { phase } from './screen.ts';
import type { Secrets } from './secrets.ts';

/** The user's own databases, if there are any. */
type DatabaseSettings = {
  DATABASE_URL: string | undefined;
  VAULT_DATABASE_URL: string | undefined;
  PAYOS_DB_APP_URL: string | undefined;
  PAYOS_DB_READ_URL: string | undefined;
  PAYOS_VAULT_DB_APP_URL: string | undefined;
};

type Databases = {
  /** What the processes are told about them. */
  derived: Derived;
  /** The embedded PostgreSQL; undefined when the user has one of their own. */
  cluster: Cluster | undefined;
};

/** @throws Refusal when only one of the two databases is given */
export function externalZones(settings: DatabaseSettings): ExternalZone[] {
  const { DATABASE_URL: control, VAULT_DATABASE_URL: vault } = settings;
  if (control === undefined && vault === undefined) return [];
  if (control === undefined || vault === undefined) {
    throw new Refusal('Set both DATABASE_URL and VAULT_DATABASE_URL, or neither.');
  }
  const controlRoles = {
    ...(settings.PAYOS_DB_APP_URL === undefined && { payos_app: 'PAYOS_DB_APP_URL' }),
    ...(settings.PAYOS_DB_READ_URL === undefined && { payos_read: 'PAYOS_DB_READ_URL' }),
  };
  const vaultRoles = {
    ...(settings.PAYOS_VAULT_DB_APP_URL === undefined && {
      payos_vault_app: 'PAYOS_VAULT_DB_APP_URL',
    }),
  };
  return [
    { zone: 'control', setting: 'DATABASE_URL', url: control, roles: controlRoles },
    { zone: 'vault', setting: 'VAULT_DATABASE_URL', url: vault, roles: vaultRoles },
  ];
}

/** Whether there is data that our secrets belong to. */
export async function dataExists(layout: Layout, zones: readonly ExternalZone[]) {
  if (zones.length === 0) return clusterExists(layout.postgres);
  const found = await Promise.all(zones.map(hasData));
  return found.includes(true);
}

/** Brings up both databases, with roles and tables. `started` is told of the cluster at once. */
export async function openDatabases(
  layout: Layout,
  zones: readonly ExternalZone[],
  { passwords }: Secrets,
  started: (cluster: Cluster) => void,
): Promise<Databases> {
  const [control, vault] = zones;
  if (control !== undefined && vault !== undefined) {
    const urls = await prepareExternal(zones, passwords);
    await migrateBoth(control.url, vault.url);
    return { derived: urlFiles(layout, urls), cluster: undefined };
  }
  const cluster = await phase(
    clusterExists(layout.postgres) ? 'Starting PostgreSQL' : 'Creating the database',
    runCluster({
      directory: layout.postgres,
      password: passwords.postgres,
      logFile: logFile(layout, 'postgres'),
    }),
  );
  started(cluster);
  await prepareCluster(cluster.url('postgres', passwords.postgres, 'postgres'), passwords);
  const url = (role: RoleName, database: string) => cluster.url(role, passwords[role], database);
  await migrateBoth(url('payos_owner', 'payos'), url('payos_vault_owner', 'payos_vault'));
  const urls = {
    payos_app: url('payos_app', 'payos'),
    payos_read: url('payos_read', 'payos'),
    payos_vault_app: url('payos_vault_app', 'payos_vault'),
  };
  return { derived: urlFiles(layout, urls), cluster };
}

/** Applies the migrations of server and vault. */
export async function migrateBoth(controlUrl: string, vaultUrl: string): Promise<string[]> {
  const folder = (part: string) => join(repository, part, 'migrations');
  const [control, vault] = await phase(
    'Migrating the databases',
    Promise.all([
      migrate({ url: controlUrl, directory: folder('server') }),
      migrate({ url: vaultUrl, directory: folder('vault') }),
    ]),
  );
  return [...control.map((name) => `server/${name}`), ...vault.map((name) => `vault/${name}`)];
}

const files = {
  payos_app: ['PAYOS_DB_APP_URL', 'db-app-url'],
  payos_read: ['PAYOS_DB_READ_URL', 'db-read-url'],
  payos_vault_app: ['PAYOS_VAULT_DB_APP_URL', 'vault-db-app-url'],
} as const;

/** The URLs hold passwords: the processes get them as files, not in their environment. */
function urlFiles(layout: Layout, urls: Partial<Record<RoleName, string>>): Derived {
  const derived: Derived = {};
  for (const [role, [setting, name]] of Object.entries(files)) {
    const url = urls[role as keyof typeof files];
    if (url === undefined) continue;
    const file = join(layout.secrets, name);
    if (!existsSync(file) || readFileSync(file, 'utf8').trim() !== url) {
      writePrivate(file, `${url}\n`);
    }
    derived[setting] = { file };
  }
  return derived;
}
