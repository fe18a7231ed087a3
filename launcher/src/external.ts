import pg from 'pg';
import { random } from './random.ts';
import { codeOf, messageOf, Refusal } from './refusal.ts';
import {
  ensureRoles,
  type RoleName,
  restrictConnections,
  setPassword,
  type Zone,
} from './roles.ts';

export type ExternalZone = {
  zone: Zone;
  /** Name of the setting that `url` comes from, for what we say about it. */
  setting: 'DATABASE_URL' | 'VAULT_DATABASE_URL';
  url: string;
  /** The serving roles for which we have to find a way in, each with the setting to give one. */
  roles: Readonly<Partial<Record<RoleName, string>>>;
};

const oldestServer = 170_000;

/**
 * Prepares two databases of a PostgreSQL that somebody else runs: checks that they are two, that
 * their server is new enough, creates the roles that are missing and keeps the zones apart.
 *
 * @param passwords what our roles get
 * @returns for each role its URL
 * @throws Refusal with what to do
 */
export async function prepareExternal(
  zones: readonly ExternalZone[],
  passwords: Readonly<Record<RoleName, string>>,
): Promise<Partial<Record<RoleName, string>>> {
  const clients: pg.Client[] = [];
  try {
    for (const zone of zones) clients.push(await connect(zone));
    await refuseSame(clients);
    const urls: Partial<Record<RoleName, string>> = {};
    for (const [index, zone] of zones.entries()) {
      const client = clients[index];
      if (client !== undefined) Object.assign(urls, await prepareZone(client, zone, passwords));
    }
    for (const [index, zone] of zones.entries()) {
      const client = clients[index];
      if (client !== undefined) await refuseOpenWall(client, zone);
    }
    return urls;
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
  }
}

/** Whether PayOS has kept data there before. */
export async function hasData({ setting, url }: Pick<ExternalZone, 'setting' | 'url'>) {
  const client = await connect({ setting, url });
  try {
    const { rows } = await client.query(`SELECT to_regclass('schema_migrations') AS found`);
    return rows[0]?.found !== null;
  } finally {
    await client.end();
  }
}

async function connect({ setting, url }: Pick<ExternalZone, 'setting' | 'url'>) {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Refusal(`${setting} must look like postgresql://user:password@host:5432/database.`);
  }
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new Refusal(`${setting}: no connection to the database: ${messageOf(error)}`);
  }
  const { rows } = await client.query('SHOW server_version_num');
  const version = Number(rows[0]?.server_version_num);
  if (version >= oldestServer) return client;
  await client.end();
  const major = Math.floor(version / 10_000);
  throw new Refusal(`${setting}: PayOS needs PostgreSQL 17 or later, this is ${major}.`);
}

/** A lock belongs to one database: whoever cannot take it there has the same one. */
async function refuseSame([first, second]: readonly pg.Client[]): Promise<void> {
  if (first === undefined || second === undefined) return;
  const query = 'SELECT pg_try_advisory_lock($1) AS locked';
  const key = [random(6).readUIntBE(0, 6)];
  await first.query(query, key);
  const { rows } = await second.query(query, key);
  if (rows[0]?.locked === true) return;
  throw new Refusal(
    'DATABASE_URL and VAULT_DATABASE_URL are the same database. ' +
      'Cards need one of their own: create a second database and put it into VAULT_DATABASE_URL.',
  );
}

async function prepareZone(
  client: pg.Client,
  { zone, setting, url, roles }: ExternalZone,
  passwords: Readonly<Record<RoleName, string>>,
): Promise<Partial<Record<RoleName, string>>> {
  const names = Object.keys(roles) as RoleName[];
  const urls = Object.fromEntries(names.map((role) => [role, urlAs(url, role, passwords[role])]));
  const wanted = Object.fromEntries(names.map((role) => [role, passwords[role]]));
  try {
    await ensureRoles(client, wanted);
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
    await restrictConnections(client, rows[0]?.name ?? '', zone);
    for (const role of names) {
      if (await isRefused(urls[role] ?? '')) await setPassword(client, role, passwords[role]);
    }
  } catch (error) {
    if (codeOf(error) !== '42501' && codeOf(error) !== '42704') throw error;
    const create = names.map((role) => `CREATE ROLE ${role} LOGIN PASSWORD '…';`);
    const give = names.map((role) => roles[role]).join(' and ');
    throw new Refusal(
      `${setting}: its user may not manage roles (${messageOf(error)}). As an administrator run: ` +
        `${create.join(' ')} Then set ${give}.`,
    );
  }
  return urls;
}

/** The same database as another user. */
function urlAs(url: string, user: string, password: string): string {
  const result = new URL(url);
  result.username = user;
  result.password = password;
  return result.href;
}

async function isRefused(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return false;
  } catch (error) {
    return codeOf(error) === '28P01';
  } finally {
    await client.end().catch(() => {});
  }
}

/** No serving role of one zone may connect to the database of the other. */
async function refuseOpenWall(client: pg.Client, { zone, setting }: ExternalZone): Promise<void> {
  const strangers =
    zone === 'vault' ? ['payos_app', 'payos_read'] : ['payos_vault_app', 'payos_vault_owner'];
  const { rows } = await client.query<{ role: string; database: string }>(
    `SELECT rolname AS role, current_database() AS database FROM pg_roles
     WHERE rolname = ANY($1) AND has_database_privilege(oid, current_database(), 'CONNECT')`,
    [strangers],
  );
  const [first] = rows;
  if (first === undefined) return;
  const database = pg.escapeIdentifier(first.database);
  throw new Refusal(
    `${setting}: the role ${first.role} can connect to ${first.database}. As its owner run: ` +
      `REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC, ${first.role};`,
  );
}
