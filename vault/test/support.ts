import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import { Agent, createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { base62FromBytes, encodeBase58, formatApiKey, type Mode } from 'payos-contract';
import pg from 'pg';
import { vaultFlags, withoutCoreDumps } from '../../launcher/src/hardened.ts';
import {
  type Cluster,
  cloneDatabases,
  databaseUrl,
  dropDatabases,
  releaseCluster,
  useCluster,
} from '../../tools/harness/cluster.ts';
import { freePorts } from '../../tools/harness/free-ports.ts';
import { compileCache, vaultLibraryFlags } from '../../tools/harness/quick-start.ts';

/** Ends what a failing test has left behind, without which its file would never end. */
const leftovers = new Set<() => void>();
after(() => {
  for (const end of leftovers) end();
});

const vaultFolder = join(import.meta.dirname, '..');

/** A vault database, certificates and a keyring, for one test file. */
export type Ground = {
  /** As the role that the vault connects as. */
  appUrl: string;
  superUrl: string;
  keyring: string;
  /** Path of a certificate, key or CA. */
  path: (name: string) => string;
  pem: (name: string) => string;
  /** As superuser: for looking, and for attacking. */
  query: (text: string, values?: unknown[]) => Promise<pg.QueryResultRow[]>;
  close: () => Promise<void>;
};

/** @param given a cluster of the caller's own; by default that of the test run */
export async function prepareGround(given?: Cluster): Promise<Ground> {
  const cluster = given ?? (await useCluster());
  const databases = await cloneDatabases(cluster);
  const folder = mkdtempSync(join(tmpdir(), 'payos-vault-'));
  const keyring = join(folder, 'keyring.json');
  const roots = { 1: randomBytes(32).toString('base64') };
  const content = { provider: 'keyring-file', current: 1, roots };
  writeFileSync(keyring, JSON.stringify(content), { mode: 0o600 });
  const superUrl = databaseUrl(cluster, 'postgres', databases.vault);
  const pool = new pg.Pool({ connectionString: superUrl });
  pool.on('error', () => {});
  const path = (name: string) => join(cluster.certificates, name);
  return {
    appUrl: databaseUrl(cluster, 'payos_vault_app', databases.vault),
    superUrl,
    keyring,
    path,
    pem: (name) => readFileSync(path(name), 'utf8'),
    query: async (text, values = []) => (await pool.query(text, values)).rows,
    close: async () => {
      await pool.end();
      await dropDatabases(cluster, databases);
      rmSync(folder, { recursive: true, force: true });
      if (given === undefined) await releaseCluster();
    },
  };
}

/** The certificate, key and CA of one PayOS process. */
export function internalTls(ground: Ground, name: string) {
  return {
    cert: ground.pem(`internal/${name}.pem`),
    key: ground.pem(`internal/${name}-key.pem`),
    ca: ground.pem('internal/ca.pem'),
  };
}

/** Listens on a free port of the loopback interface. */
async function listenOn(server: Server): Promise<number> {
  leftovers.add(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export type KeyAnswer = { status: number; body: object };

export function newOrganization(): string {
  return `org_${encodeBase58(randomBytes(16))}`;
}

export function newApiKey(mode: Mode = 'test'): string {
  const id = base62FromBytes(randomBytes(64), 12);
  return formatApiKey('secret', mode, id, base62FromBytes(randomBytes(128), 32));
}

export function checkedKey(organization: string, mode: Mode = 'test', rateLimit = 10_000) {
  return {
    organization,
    mode,
    key: `key_${encodeBase58(randomBytes(16))}`,
    kind: 'secret',
    permissions: ['tokens:create', 'cards:create_raw'],
    gate: { raw_cards: true, reveal: false },
    reveal: null,
    bound: true,
    rate_limit: rateLimit,
    ip_ranges: [],
    allowed_origins: [],
    ends_in_ms: null,
    server: 'server-1',
  };
}

/** Plays the control plane towards the vault: knows the keys in `keys`, counts what it is asked. */
export async function startKeyServer(ground: Ground, certificate = 'payos-server') {
  const keys = new Map<string, KeyAnswer>();
  const asked: string[] = [];
  const channel = playKeyChanges();
  /** What has to happen before a check is answered. */
  const before = { answer: async () => {} };
  const server = createServer(
    { ...internalTls(ground, certificate), requestCert: true, rejectUnauthorized: true },
    async (request, response) => {
      const said = JSON.parse(await readAll(request));
      const send = (status: number, body: object) =>
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify(body));
      if (request.url === '/internal/key-changes') {
        const changes = await channel.answer(said);
        if (changes === undefined) response.destroy();
        else send(200, changes);
        return;
      }
      asked.push(said.key);
      const unknown = { status: 401, body: { code: 'invalid_api_key' } };
      const { status, body } = keys.get(said.key) ?? unknown;
      await before.answer();
      send(status, body);
    },
  );
  const port = await listenOn(server);
  /** Adds a key of an organization and answers it. */
  const addKey = (organization: string, mode: Mode = 'test', rateLimit = 10_000, more = {}) => {
    const key = newApiKey(mode);
    const body = { ...checkedKey(organization, mode, rateLimit), ...more };
    keys.set(key, { status: 200, body });
    return key;
  };
  return { port, keys, asked, before, channel, addKey, close: () => closeServer(server) };
}

type Changed = { organization: string; mode: Mode; key: string | null };

/** The feed of changes as the server has it. */
function playKeyChanges() {
  const changes: Changed[] = [];
  const uses: { key: string; address: string; user_agent: string; requests: number }[] = [];
  const heard = { cursor: '', leaving: false };
  let isCut = false;
  let tell = () => {};
  return {
    uses,
    heard,
    /** Tells of a change. */
    change: (changed: Changed) => {
      changes.push(changed);
      tell();
    },
    cut: (cut: boolean) => {
      isCut = cut;
    },
    answer: async (asked: {
      cursor: string | null;
      uses: typeof uses;
      leaving?: boolean;
    }): Promise<object | undefined> => {
      if (isCut) return undefined;
      const { cursor } = asked;
      uses.push(...asked.uses);
      Object.assign(heard, { cursor, leaving: asked.leaving === true });
      if (cursor === String(changes.length) && !heard.leaving) {
        await new Promise<void>((resolve) => {
          tell = resolve;
          setTimeout(resolve, 100);
        });
      }
      const from = cursor === null ? changes.length : Number(cursor);
      return {
        server: 'server-1',
        cursor: String(changes.length),
        reset: cursor === null,
        changes: changes.slice(from),
        held_ms: 0,
        age_ms: 0,
      };
    },
  };
}

function closeServer(server: ReturnType<typeof createServer>): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}

export async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** A processor that does what the test says. */
export async function startProcessor(ground: Ground, listener: RequestListener) {
  const tls = {
    cert: ground.pem('payos-simulator.pem'),
    key: ground.pem('payos-simulator-key.pem'),
  };
  const server = createServer(tls, listener);
  const port = await listenOn(server);
  return {
    server,
    port,
    url: `https://localhost:${port}/v1/charges`,
    close: () => closeServer(server),
  };
}

type Vault = {
  port: number;
  internalPort: number;
  child: ChildProcess;
  /** Everything it wrote to stdout and stderr. */
  output: () => string;
  /** Resolves when its output contains a text. */
  said: (text: string) => Promise<void>;
  ended: Promise<number | null>;
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
};

/** Environment of a vault process with everything it needs. */
function vaultEnvironment(ground: Ground, more: Record<string, string>) {
  return {
    ...compileCache,
    PAYOS_VAULT_DB_APP_URL: ground.appUrl,
    PAYOS_TLS_CERT_FILE: ground.path('localhost.pem'),
    PAYOS_TLS_KEY_FILE: ground.path('localhost-key.pem'),
    PAYOS_INTERNAL_CERT_FILE: ground.path('internal/payos-vault.pem'),
    PAYOS_INTERNAL_KEY_FILE: ground.path('internal/payos-vault-key.pem'),
    PAYOS_INTERNAL_CA_FILE: ground.path('internal/ca.pem'),
    PAYOS_SERVER_SIGNING_KEYS_FILE: ground.path('internal/payos-server-signing.pem'),
    PAYOS_WORKER_SIGNING_KEYS_FILE: ground.path('internal/payos-worker-signing.pem'),
    PAYOS_VAULT_KEYRING_FILE: ground.keyring,
    PAYOS_SIMULATOR_CA_FILE: ground.path('ca.pem'),
    ...more,
  };
}

/** Starts the real process and waits until it says that it is ready, or has ended. */
export async function startVault(
  ground: Ground,
  more: Record<string, string>,
  flags: readonly string[] = vaultFlags,
  folder = vaultFolder,
): Promise<Vault> {
  const [port = 0, internalPort = 0] = await freePorts(2);
  const env = vaultEnvironment(ground, {
    PAYOS_VAULT_PORT: String(port),
    PAYOS_VAULT_INTERNAL_PORT: String(internalPort),
    ...more,
  });
  // A vault installed elsewhere runs with what was installed with it.
  const libraries = folder === vaultFolder ? vaultLibraryFlags(more) : [];
  const main = join(folder, 'src/main.ts');
  const { file, args } = withoutCoreDumps([...libraries, ...flags, main]);
  const child = spawn(file, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  leftovers.add(() => child.kill('SIGKILL'));
  let output = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const look of waiting) look();
    });
  }
  const said = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!output.includes(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  // Not the event `close`: it does not come after a `disconnect()`.
  const drained = [child.stdout, child.stderr].map((stream) => stream && once(stream, 'close'));
  const ended = once(child, 'exit').then(async ([code]) => {
    await Promise.all(drained);
    return code as number | null;
  });
  await Promise.race([once(child, 'message'), ended]);
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return ended;
  };
  return { port, internalPort, child, output: () => output, said, ended, stop };
}

export type Reply = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  json: any;
};

const agents = new Map<string, Agent>();

/** One HTTPS request with a body given as text. */
export function call(
  options: {
    port: number;
    path: string;
    method?: string;
    headers?: Record<string, string | string[]>;
    tls: Record<string, string>;
  },
  body?: string | Buffer,
): Promise<Reply> {
  const { port, path, method = 'POST', headers = {}, tls } = options;
  const name = `${port} ${tls.cert?.length} ${tls.cert}`;
  const agent = agents.get(name) ?? new Agent({ keepAlive: true, maxSockets: 64, ...tls });
  agents.set(name, agent);
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: 'localhost', port, path, method, headers, agent });
    request.on('error', reject);
    request.on('response', async (response) => {
      const text = await readAll(response);
      const json = text === '' ? undefined : JSON.parse(text);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
    });
    request.end(body);
  });
}
