import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { ensureCertificates } from '../../launcher/src/certificates.ts';
import { ensureSigningKeys } from '../../launcher/src/signing-keys.ts';
import { ApiClient } from '../../tools/harness/api-client.ts';
import {
  type Cluster,
  cloneDatabases,
  type Databases,
  databaseUrl,
  dropDatabases,
  releaseCluster,
  useCluster,
} from '../../tools/harness/cluster.ts';
import { freePorts } from '../../tools/harness/free-ports.ts';
import { OperatorClient } from '../../tools/harness/operator-client.ts';
import { TestProcess } from '../../tools/harness/processes.ts';
import { createKeyServer } from '../src/api/key-server.ts';

/** Two machines: two addresses, and a folder each with what only that machine has. */
const control = '127.0.0.2';
const cde = '127.0.0.3';
/** Leads to them and is neither. */
const elsewhere = '127.0.0.4';

let cluster: Cluster;
let databases: Databases;
const root = mkdtempSync(join(tmpdir(), 'payos-two-'));
const folders = { office: join(root, 'office'), a: join(root, 'a'), b: join(root, 'b') };
const running: TestProcess[] = [];
const forwarders: Server[] = [];
let [api = 0, internal = 0, simulator = 0, open = 0, inside = 0] = [0];
let server: TestProcess;
let common: Record<'a' | 'b', Record<string, string>>;

/** Brings files of whoever makes the certificates to a machine. */
function bring(machine: string, names: readonly string[]) {
  mkdirSync(machine, { recursive: true, mode: 0o700 });
  for (const name of names) {
    copyFileSync(join(folders.office, name), join(machine, name.replace('internal/', 'in-')));
  }
}

const tlsOf = (folder: string, name: string, open: string): Record<string, string> => ({
  PAYOS_TLS_CERT_FILE: join(folder, `${open}.pem`),
  PAYOS_TLS_KEY_FILE: join(folder, `${open}-key.pem`),
  ...(name === 'simulator'
    ? {}
    : {
        PAYOS_INTERNAL_CERT_FILE: join(folder, `in-payos-${name}.pem`),
        PAYOS_INTERNAL_KEY_FILE: join(folder, `in-payos-${name}-key.pem`),
        PAYOS_INTERNAL_CA_FILE: join(folder, 'in-ca.pem'),
      }),
});

async function start(name: 'simulator' | 'vault' | 'server', settings: Record<string, string>) {
  const process = new TestProcess(name, settings, join(root, `${name}-${running.length}.log`));
  running.push(process);
  await process.start();
  return process;
}

/** A way to a port by an address that no certificate names. */
async function forward(address: string, port: number): Promise<number> {
  const forwarder = createServer((socket) => {
    const on = connect(port, address);
    for (const end of [socket, on]) end.on('error', () => end.destroy());
    socket.pipe(on).pipe(socket);
  });
  forwarders.push(forwarder);
  await new Promise<void>((ready) => forwarder.listen(0, elsewhere, ready));
  return (forwarder.address() as AddressInfo).port;
}

before(async () => {
  cluster = await useCluster();
  databases = await cloneDatabases(cluster);
  [api = 0, internal = 0, simulator = 0, open = 0, inside = 0] = await freePorts(5);
  await ensureCertificates(folders.office, new Date(), {
    ...{ open: [control, cde], simulator: [control], server: [control], vault: [cde] },
    ...{ vaultIsElsewhere: false, vaultOpen: [cde] },
  });
  ensureSigningKeys(folders.office);
  const pair = (name: string) => [`${name}.pem`, `${name}-key.pem`];
  const seen = ['ca.pem', 'internal/ca.pem'];
  bring(folders.a, [...seen, ...pair('localhost'), ...pair('payos-simulator')]);
  bring(folders.a, [...pair('internal/payos-server'), 'internal/payos-server-signing-key.pem']);
  const known = ['server', 'worker'].map((name) => `internal/payos-${name}-signing.pem`);
  bring(folders.b, [...seen, ...known, ...pair('localhost'), ...pair('internal/payos-vault')]);
  writeFileSync(
    join(folders.b, 'keyring.json'),
    JSON.stringify({
      ...{ provider: 'keyring-file', current: 1 },
      roots: { 1: randomBytes(32).toString('base64') },
    }),
    { mode: 0o600 },
  );
  mkdirSync(join(folders.a, 'simulator'));
  const secret = randomBytes(32).toString('base64');
  const key = () => randomBytes(32).toString('base64');
  common = {
    a: {
      PAYOS_DATA_DIR: folders.a,
      PAYOS_HOST: control,
      PAYOS_PORT: String(api),
      PAYOS_INTERNAL_HOST: control,
      PAYOS_INTERNAL_PORT: String(internal),
      PAYOS_VAULT_INTERNAL_URL: `https://${cde}:${inside}`,
      PAYOS_SIMULATOR_URL: `https://${control}:${simulator}`,
      PAYOS_SIMULATOR_CA_FILE: join(folders.a, 'ca.pem'),
      PAYOS_SIMULATOR_SECRET: secret,
      PAYOS_OPERATOR_SOCKET: join(folders.a, 'operator.sock'),
      PAYOS_DB_APP_URL: databaseUrl(cluster, 'payos_app', databases.control),
      PAYOS_DB_READ_URL: databaseUrl(cluster, 'payos_read', databases.control),
      PAYOS_VAULT_SIGNING_KEY_FILE: join(folders.a, 'in-payos-server-signing-key.pem'),
      PAYOS_KEY_PEPPER: key(),
      PAYOS_SEALING_KEY: key(),
    },
    b: {
      PAYOS_HOST: cde,
      PAYOS_VAULT_PORT: String(open),
      PAYOS_VAULT_INTERNAL_HOST: cde,
      PAYOS_VAULT_INTERNAL_PORT: String(inside),
      PAYOS_INTERNAL_URL: `https://${control}:${internal}`,
      PAYOS_VAULT_DB_APP_URL: databaseUrl(cluster, 'payos_vault_app', databases.vault),
      PAYOS_VAULT_KEYRING_FILE: join(folders.b, 'keyring.json'),
      PAYOS_SERVER_SIGNING_KEYS_FILE: join(folders.b, 'in-payos-server-signing.pem'),
      PAYOS_WORKER_SIGNING_KEYS_FILE: join(folders.b, 'in-payos-worker-signing.pem'),
      PAYOS_FORWARD_HOSTS: `${control}:${simulator}`,
      PAYOS_SIMULATOR_CA_FILE: join(folders.b, 'ca.pem'),
    },
  };
  [server] = await Promise.all([
    start('server', { ...common.a, ...tlsOf(folders.a, 'server', 'localhost') }),
    start('vault', { ...common.b, ...tlsOf(folders.b, 'vault', 'localhost') }),
    start('simulator', {
      PAYOS_DATA_DIR: folders.a,
      PAYOS_SIMULATOR_HOST: control,
      PAYOS_SIMULATOR_PORT: String(simulator),
      PAYOS_SIMULATOR_SECRET: secret,
      ...tlsOf(folders.a, 'simulator', 'payos-simulator'),
    }),
  ]);
});

after(async () => {
  await Promise.all(running.map((process) => process.stop()));
  for (const forwarder of forwarders) forwarder.close();
  await dropDatabases(cluster, databases);
  rmSync(root, { recursive: true, force: true });
  await releaseCluster();
});

const card = { number: '4242424242424242', exp_month: 12, exp_year: 2040, cvc: '123' };
const clientOf = (origin: string) =>
  new ApiClient(origin, readFileSync(join(folders.office, 'ca.pem'), 'utf8'));

async function newKey() {
  const operator = new OperatorClient(common.a['PAYOS_OPERATOR_SOCKET'] ?? '');
  const { id, key } = await operator.mint(await operator.createOrganization('Shop'));
  return { key, revoke: () => operator.revoke(id) };
}

it('a card taken on one machine is charged by the other, until the key is revoked', async () => {
  const { key, revoke } = await newKey();
  const [pay, collect] = [
    clientOf(`https://${control}:${api}`),
    clientOf(`https://${cde}:${open}`),
  ];
  const token = await collect.post('/v1/tokens', key, { type: 'card', card });
  assert.equal(token.status, 201, token.text);
  const order = { amount: 1999, currency: 'EUR', token: token.body.id };
  const paid = await pay.post('/v1/payments', key, order);
  assert.equal(paid.body.status, 'succeeded', paid.text);
  await revoke();
  assert.equal((await collect.post('/v1/tokens', key, { type: 'card', card })).status, 401);
  assert.equal((await pay.post('/v1/payments', key, order)).status, 401);
});

it('neither machine has what the other seals and signs with', () => {
  for (const name of ['keyring.json', 'in-payos-vault-key.pem']) {
    assert.ok(!existsSync(join(folders.a, name)), name);
  }
  for (const name of ['in-payos-server-key.pem', 'in-payos-server-signing-key.pem']) {
    assert.ok(!existsSync(join(folders.b, name)), name);
  }
});

it('nothing listens on other addresses of the machines than those that were set', async () => {
  for (const port of [api, internal, simulator, open, inside]) {
    const socket = connect(port, '127.0.0.5');
    const error = await new Promise((done) => {
      socket.once('error', done).once('connect', () => done(undefined));
    });
    socket.destroy();
    assert.equal(Object(error).code, 'ECONNREFUSED', String(port));
  }
});

it('the internal ports say nothing to who has no certificate of ours', async () => {
  const ca = readFileSync(join(folders.office, 'internal/ca.pem'));
  const pem = (name: string) => readFileSync(join(folders.office, name));
  // A certificate of the other CA, which is shown to everybody, is none.
  const strangers = [{}, { cert: pem('localhost.pem'), key: pem('localhost-key.pem') }];
  for (const [host, port] of [
    [control, internal],
    [cde, inside],
  ] as const) {
    for (const path of ['/livez', '/readyz', '/metrics', '/internal/check-key', '/v1/payments']) {
      for (const shown of strangers) {
        const socket = connectTls({ host, port, ca, minVersion: 'TLSv1.3', ...shown });
        let said = '';
        socket.on('data', (bytes) => {
          said += bytes;
        });
        socket.on('error', () => {});
        socket.once('secureConnect', () => {
          socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
        });
        await new Promise((closed) => socket.once('close', closed));
        assert.equal(said, '', `${host} ${path}`);
      }
    }
  }
});

it('the vault asks no server whose certificate is for another host', async () => {
  const [cert, key, ca] = ['payos-vault.pem', 'payos-vault-key.pem', 'ca.pem'].map((name) =>
    readFileSync(join(folders.office, 'internal', name), 'utf8'),
  );
  const tls = { cert: cert ?? '', key: key ?? '', ca: ca ?? '' };
  const ask = async (url: string) => {
    const asked = createKeyServer(url, tls);
    try {
      return (await asked.ask('/internal/check-key', {}, 5_000)).status;
    } catch (error) {
      return Object(error).code;
    } finally {
      asked.close();
    }
  };
  assert.equal(await ask(`https://${control}:${internal}`), 400);
  const port = await forward(control, internal);
  assert.equal(await ask(`https://${elsewhere}:${port}`), 'ERR_TLS_CERT_ALTNAME_INVALID');
});

it('the server asks no vault whose certificate is for another host', async () => {
  const { key } = await newKey();
  const collect = clientOf(`https://${cde}:${open}`);
  const pay = () => clientOf(`https://${control}:${api}`);
  const { id } = (await collect.post('/v1/tokens', key, { type: 'card', card })).body;
  const order = { amount: 1999, currency: 'EUR', token: id };
  const port = await forward(cde, inside);
  await server.stop();
  await server.start({ PAYOS_VAULT_INTERNAL_URL: `https://${elsewhere}:${port}` });
  const refused = await pay().post('/v1/payments', key, order);
  assert.equal(refused.status, 503, refused.text);
  assert.equal(refused.body.code, 'vault_unavailable');
  await server.stop();
  await server.start();
  assert.equal((await pay().post('/v1/payments', key, order)).body.status, 'succeeded');
});

it('an internal port is not opened to others without certificates made for that', async () => {
  for (const [name, address] of [
    ['server', 'PAYOS_INTERNAL_HOST'],
    ['vault', 'PAYOS_VAULT_INTERNAL_HOST'],
  ] as const) {
    const folder = folders[name === 'server' ? 'a' : 'b'];
    const settings = name === 'server' ? common.a : common.b;
    const refused = start(name, {
      ...settings,
      ...tlsOf(folder, name, 'localhost'),
      [address]: '0.0.0.0',
    });
    await assert.rejects(refused, new RegExp(`${address} is 0.0.0.0, which others can reach`));
  }
});
