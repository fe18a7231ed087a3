import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from './certificate-files.ts';
import type { Derived } from './child-settings.ts';
import { type Cluster, databaseOf, prepareCluster, runCluster } from './cluster.ts';
import { type ExternalZone, hasData, prepareExternal } from './external.ts';
import { type Layout, logFile, repository } from './layout.ts';
import { migrate } from './migrate.ts';
import { clusterExists } from './postgres-cluster.ts';
import { Refusal } from './refusal.ts';
import { type RoleName, rolesOf, type Zone } from './roles.ts';
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

/**
 * The user's own databases, those of this machine.
 *
 * @throws Refusal when only one of two is given
 */
export function externalZones(settings: DatabaseSettings, zones: readonly Zone[]): ExternalZone[] {
  const { DATABASE_URL: control = '', VAULT_DATABASE_URL: vault = '' } = settings;
  const given = allZones(settings, control, vault).filter(({ zone }) => zones.includes(zone));
  const known = given.filter(({ url }) => url !== '');
  if (known.length > 0 && known.length < given.length) {
    throw new Refusal('Set both DATABASE_URL and VAULT_DATABASE_URL, or neither.');
  }
  return known;
}

function allZones(settings: DatabaseSettings, control: string, vault: string): ExternalZone[] {
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

/** Brings up the databases of this machine. `started` is told of the cluster at once. */
export async function openDatabases(
  layout: Layout,
  zones: readonly ExternalZone[],
  { passwords }: Secrets,
  here: readonly Zone[],
  started: (cluster: Cluster) => void,
): Promise<Databases> {
  if (zones.length > 0) {
    const urls = await prepareExternal(zones, passwords);
    await migrateZones(zones);
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
  const superuser = cluster.url('postgres', passwords.postgres, 'postgres');
  await prepareCluster(superuser, passwords, here);
  const url = (role: RoleName, zone: Zone) => cluster.url(role, passwords[role], databaseOf[zone]);
  await migrateZones(here.map((zone) => ({ zone, url: url(rolesOf[zone][0], zone) })));
  const urls = Object.fromEntries(
    here.flatMap((zone) => rolesOf[zone].slice(1).map((role) => [role, url(role, zone)])),
  );
  return { derived: urlFiles(layout, urls), cluster };
}

const folderOf = { control: 'server', vault: 'vault' } as const;

/** Applies the migrations of these databases, as their owners. */
export async function migrateZones(
  zones: readonly Pick<ExternalZone, 'zone' | 'url'>[],
): Promise<string[]> {
  const applied = zones.map(async ({ zone, url }) => {
    const part = folderOf[zone];
    const names = await migrate({ url, directory: join(repository, part, 'migrations') });
    return names.map((name) => `${part}/${name}`);
  });
  return (await phase('Migrating the databases', Promise.all(applied))).flat();
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
