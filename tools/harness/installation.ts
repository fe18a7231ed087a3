import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { signingKeyFiles } from '../../launcher/src/signing-keys.ts';
import { ApiClient } from './api-client.ts';
import {
  type Cluster,
  cloneDatabases,
  type Databases,
  databaseUrl,
  dropDatabases,
  releaseCluster,
  useCluster,
} from './cluster.ts';
import { freePorts } from './free-ports.ts';
import { startMailServer } from './mail-server.ts';
import { OperatorClient } from './operator-client.ts';
import { mains, type ProcessName, TestProcess } from './processes.ts';

export type InstallationOptions = {
  /** Further settings, for all processes. */
  settings?: Record<string, string>;
  /** Databases are made here. Default: the cluster of the test run. */
  cluster?: Cluster;
  /** Which processes to start. Default: all. */
  start?: readonly ProcessName[];
  /** Whether it can send mail. Default: yes, to a server of its own. */
  mail?: false;
  /** Whether other processes read its mails, too. */
  shared?: true;
};

/** A whole PayOS of its own: databases, processes, ports, keys. Nothing in it is pretended. */
export type Installation = Awaited<ReturnType<typeof startInstallation>>;

/** What has to be known of an installation to use it, also from another process. */
export type Place = {
  cluster: Cluster;
  databases: Databases;
  directory: string;
  /** Where its mails are kept, when it is shared. */
  mailbox: string;
  ports: Ports;
  environment: Environment;
};

/** Starts an installation for one test file. End it with `stop()` in `after`. */
export async function startInstallation(options: InstallationOptions = {}) {
  const cluster = options.cluster ?? (await useCluster());
  const databases = await cloneDatabases(cluster);
  const directory = mkdtempSync(join(tmpdir(), 'payos-'));
  const ports = await assignPorts();
  const mailbox = join(directory, 'mails.jsonl');
  const keepIn = options.shared === true ? { keepIn: mailbox } : {};
  const mail = await startMailServer(cluster.certificates, keepIn);
  const extra = { ...(options.mail === false ? {} : mail.settings), ...options.settings };
  const environment = writeSettings(cluster, databases, directory, ports, extra);
  const place: Place = { cluster, databases, directory, mailbox, ports, environment };
  const reached = reach(place);
  const { processes } = reached;
  const started = options.start ?? (Object.keys(mains) as ProcessName[]);
  try {
    await Promise.all(started.map((name) => processes[name].start()));
  } catch (error) {
    // What runs already would keep the test file waiting for ever.
    await Promise.all(Object.values(processes).map((process) => process.stop()));
    await mail.stop();
    throw error;
  }
  return {
    ...reached,
    mail,
    place,
    stop: async () => {
      await Promise.all(Object.values(processes).map((process) => process.stop()));
      await mail.stop();
      await dropDatabases(cluster, databases);
      if (!process.env['PAYOS_TEST_KEEP']) rmSync(directory, { recursive: true, force: true });
      if (options.cluster === undefined) await releaseCluster();
    },
  };
}

/** The ways into an installation, whoever started it. */
export function reach({ cluster, databases, directory, ports, environment }: Place) {
  const processes = Object.fromEntries(
    (Object.keys(mains) as ProcessName[]).map((name) => [
      name,
      new TestProcess(name, environmentOf(name, environment), join(directory, `${name}.log`)),
    ]),
  ) as Record<ProcessName, TestProcess>;
  const ca = readFileSync(join(cluster.certificates, 'ca.pem'), 'utf8');
  return {
    cluster,
    databases,
    directory,
    ports,
    processes,
    ca,
    operator: new OperatorClient(environment['PAYOS_OPERATOR_SOCKET'] ?? ''),
    simulatorSecret: environment['PAYOS_SIMULATOR_SECRET'] ?? '',
    api: new ApiClient(`https://localhost:${ports.api}`, ca),
    vault: new ApiClient(`https://localhost:${ports.vault}`, ca),
    simulator: new ApiClient(`https://localhost:${ports.simulator}`, ca),
    /** A connection to one of the databases, as superuser: for looking, and for attacking. */
    connect: async (which: keyof Databases) => {
      const client = new pg.Client({
        connectionString: databaseUrl(cluster, 'postgres', databases[which]),
      });
      await client.connect();
      return client;
    },
  };
}

type Ports = Record<
  'api' | 'vault' | 'internal' | 'vaultInternal' | 'simulator' | 'worker',
  number
>;

async function assignPorts(): Promise<Ports> {
  const [api = 0, vault = 0, internal = 0, vaultInternal = 0, simulator = 0, worker = 0] =
    await freePorts(6);
  return { api, vault, internal, vaultInternal, simulator, worker };
}

type Environment = Record<string, string>;

function writeSettings(
  cluster: Cluster,
  databases: Databases,
  directory: string,
  ports: Ports,
  extra: Environment,
): Environment {
  const tls = cluster.certificates;
  const keyring = join(directory, 'keyring.json');
  const root = randomBytes(32).toString('base64');
  const content = { provider: 'keyring-file', current: 1, roots: { 1: root } };
  writeFileSync(keyring, JSON.stringify(content), { mode: 0o600 });
  mkdirSync(join(directory, 'simulator'), { mode: 0o700 });
  return {
    PAYOS_DATA_DIR: directory,
    PAYOS_PORT: String(ports.api),
    PAYOS_VAULT_PORT: String(ports.vault),
    PAYOS_INTERNAL_PORT: String(ports.internal),
    PAYOS_VAULT_INTERNAL_PORT: String(ports.vaultInternal),
    PAYOS_SIMULATOR_PORT: String(ports.simulator),
    PAYOS_WORKER_PORT: String(ports.worker),
    PAYOS_OPERATOR_SOCKET: join(directory, 'operator.sock'),
    PAYOS_DB_APP_URL: databaseUrl(cluster, 'payos_app', databases.control),
    PAYOS_DB_READ_URL: databaseUrl(cluster, 'payos_read', databases.control),
    PAYOS_VAULT_DB_APP_URL: databaseUrl(cluster, 'payos_vault_app', databases.vault),
    PAYOS_DB_POOL: '6',
    PAYOS_TLS_CERT_FILE: join(tls, 'localhost.pem'),
    PAYOS_TLS_KEY_FILE: join(tls, 'localhost-key.pem'),
    PAYOS_INTERNAL_CA_FILE: join(tls, 'internal/ca.pem'),
    PAYOS_KEY_PEPPER: randomBytes(32).toString('base64'),
    PAYOS_SEALING_KEY: randomBytes(32).toString('base64'),
    PAYOS_VAULT_KEYRING_FILE: keyring,
    PAYOS_SIMULATOR_CA_FILE: join(tls, 'ca.pem'),
    PAYOS_SIMULATOR_SECRET: randomBytes(32).toString('base64'),
    PAYOS_FORWARD_HOSTS: `localhost:${ports.simulator}`,
    PAYOS_EGRESS_ALLOW: '127.0.0.0/8',
    PAYOS_EGRESS_CA_FILE: join(tls, 'ca.pem'),
    PAYOS_RATE_LIMIT: '100000',
    PAYOS_RATE_LIMIT_ADDRESS: '100000',
    PAYOS_RATE_LIMIT_VISITOR: '100000',
    PAYOS_SIGN_IN_RATE: '100000',
    ...extra,
    CERTIFICATES: tls,
  };
}

/** Server and worker sign, the vault knows what they sign with. */
function signingKeysOf(name: ProcessName, folder: string): Environment {
  if (name !== 'vault') {
    return { PAYOS_VAULT_SIGNING_KEY_FILE: signingKeyFiles(folder, name).key };
  }
  return {
    PAYOS_SERVER_SIGNING_KEYS_FILE: signingKeyFiles(folder, 'server').publicKey,
    PAYOS_WORKER_SIGNING_KEYS_FILE: signingKeyFiles(folder, 'worker').publicKey,
  };
}

/** Each process sees only what it uses, as the launcher does it. */
function environmentOf(name: ProcessName, all: Environment): Environment {
  const { CERTIFICATES: tls = '', ...environment } = all;
  if (name === 'simulator') {
    environment['PAYOS_TLS_CERT_FILE'] = join(tls, 'payos-simulator.pem');
    environment['PAYOS_TLS_KEY_FILE'] = join(tls, 'payos-simulator-key.pem');
  } else {
    environment['PAYOS_INTERNAL_CERT_FILE'] = join(tls, `internal/payos-${name}.pem`);
    environment['PAYOS_INTERNAL_KEY_FILE'] = join(tls, `internal/payos-${name}-key.pem`);
    Object.assign(environment, signingKeysOf(name, join(tls, 'internal')));
  }
  const hidden =
    name === 'vault'
      ? ['PAYOS_DB_APP_URL', 'PAYOS_DB_READ_URL', 'PAYOS_KEY_PEPPER', 'PAYOS_SEALING_KEY']
      : ['PAYOS_VAULT_DB_APP_URL', 'PAYOS_VAULT_KEYRING_FILE'];
  for (const setting of hidden) delete environment[setting];
  if (name !== 'worker') delete environment['PAYOS_SMTP_URL'];
  return environment;
}
