import pg from 'pg';
import { scramVerifier } from './scram.ts';

/**
 * The wall between control plane and vault, as PostgreSQL sees it: two databases, each with roles
 * of its own, and no role that may connect to both (PCI DSS 7.2.6 asks for this of card data).
 * - `…_owner` owns the tables and runs migrations; no serving process has its password.
 * - `payos_app`, `payos_vault_app` read and write what migrations grant them.
 * - `payos_read` only reads.
 */
export const rolesOf = {
  control: ['payos_owner', 'payos_app', 'payos_read'],
  vault: ['payos_vault_owner', 'payos_vault_app'],
} as const;

export type Zone = keyof typeof rolesOf;
export type RoleName = (typeof rolesOf)[Zone][number];
export const allRoles: readonly RoleName[] = [...rolesOf.control, ...rolesOf.vault];

/**
 * Creates those of the roles that are missing. Roles belong to the whole cluster, so tests make
 * them once and any number of databases afterwards.
 *
 * @param client connected as a superuser or with CREATEROLE
 * @param passwords for each role wanted
 * @returns the roles that were created
 */
export async function ensureRoles(
  client: pg.Client,
  passwords: Readonly<Partial<Record<RoleName, string>>>,
): Promise<RoleName[]> {
  const wanted = allRoles.filter((role) => passwords[role] !== undefined);
  const { rows } = await client.query<{ name: string }>(
    'SELECT rolname AS name FROM pg_roles WHERE rolname = ANY($1)',
    [wanted],
  );
  const missing = wanted.filter((role) => !rows.some(({ name }) => name === role));
  for (const role of missing) await createRole(client, role, passwords[role] ?? '');
  return missing;
}

/** One statement each way, so that a role is never left without what makes it read-only. */
async function createRole(client: pg.Client, role: RoleName, password: string): Promise<void> {
  const verifier = pg.escapeLiteral(scramVerifier(password));
  await client.query('BEGIN');
  try {
    await client.query(
      `CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${verifier}`,
    );
    if (role === 'payos_read') {
      await client.query(`ALTER ROLE ${role} SET default_transaction_read_only = on`);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Gives a role another password. */
export async function setPassword(client: pg.Client, role: RoleName, password: string) {
  const verifier = pg.escapeLiteral(scramVerifier(password));
  await client.query(`ALTER ROLE ${role} PASSWORD ${verifier}`);
}

type DatabaseOptions = {
  name: string;
  zone: Zone;
  /** Database to copy, e.g. one that is migrated already; nobody may be connected to it. */
  template?: string;
};

/**
 * Creates a database that only the roles of its zone can connect to, unless it is there. It takes
 * no connections before its rights are in place, also when we are killed half-way.
 *
 * @param client connected as a superuser
 * @returns whether it was created
 */
export async function ensureDatabase(
  client: pg.Client,
  { name, zone, template }: DatabaseOptions,
): Promise<boolean> {
  const { rows } = await client.query<{ open: boolean }>(
    'SELECT datallowconn AS open FROM pg_database WHERE datname = $1',
    [name],
  );
  if (rows[0]?.open === true) return false;
  const database = pg.escapeIdentifier(name);
  if (rows.length === 0) {
    // A copy of files costs half of one through the write-ahead log.
    const source =
      template === undefined ? '' : ` TEMPLATE ${pg.escapeIdentifier(template)} STRATEGY FILE_COPY`;
    const owner = rolesOf[zone][0];
    await client.query(
      `CREATE DATABASE ${database} OWNER ${owner}${source} ALLOW_CONNECTIONS false`,
    );
  }
  await restrictConnections(client, name, zone);
  await client.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS true`);
  return true;
}

/** Lets the serving roles of a zone connect to a database, and nobody else but its owner. */
export async function restrictConnections(client: pg.Client, name: string, zone: Zone) {
  const database = pg.escapeIdentifier(name);
  const [, ...serving] = rolesOf[zone];
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${serving.join(', ')}`);
}

/** Closes the databases that every cluster is born with. For a cluster that is ours alone. */
export async function closeMaintenanceDatabases(client: pg.Client): Promise<void> {
  await client.query('REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC');
}
