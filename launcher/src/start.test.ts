import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { repository } from './layout.ts';
import { askOperator } from './operator.ts';
import { testFolder } from './testing.ts';

const data = join(testFolder('start'), 'data');
const portNames = [
  'PAYOS_PORT',
  'PAYOS_VAULT_PORT',
  'PAYOS_INTERNAL_PORT',
  'PAYOS_VAULT_INTERNAL_PORT',
  'PAYOS_SIMULATOR_PORT',
  'PAYOS_WORKER_PORT',
];

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

describe('npm start', () => {
  let env: Record<string, string | undefined>;
  let launcher: ChildProcess;
  let firstWords: string;

  /** Starts the launcher and waits for its end or for its last line of a start. */
  async function start(): Promise<string> {
    const script = join(repository, 'launcher', 'src', 'main.ts');
    launcher = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const ready = new Promise<void>((done) => {
      for (const stream of [launcher.stdout, launcher.stderr]) {
        stream?.on('data', (chunk) => {
          said += chunk;
          if (said.includes('Ready in')) done();
        });
      }
    });
    await Promise.race([ready, once(launcher, 'close')]);
    return said;
  }

  async function stopped(): Promise<number | null> {
    if (launcher.exitCode !== null || launcher.signalCode !== null) return launcher.exitCode;
    launcher.kill('SIGTERM');
    const [code] = await once(launcher, 'exit');
    return code;
  }

  const quickstart = () => JSON.parse(readFileSync(join(data, 'quickstart.json'), 'utf8'));
  const postmaster = () => join(data, 'postgres', 'data', 'postmaster.pid');

  /** Status of `GET path` on the API, checked against the CA that the quickstart names. */
  function visit(path: string): Promise<number | undefined> {
    const { api_url, ca_file, secret_key } = quickstart();
    const headers = { authorization: `Bearer ${secret_key}` };
    return new Promise((done, failed) => {
      const options = { ca: readFileSync(ca_file), headers, agent: false };
      const outgoing = request(`${api_url}${path}`, options, (answer) => {
        answer.resume();
        done(answer.statusCode);
      });
      outgoing.on('error', failed).end();
    });
  }

  /** Sets the organization up as the browser behind a set-up link does. */
  async function setUp(token: string): Promise<number | undefined> {
    const { api_url, ca_file } = quickstart();
    const headers = { origin: api_url, 'content-type': 'application/json' };
    const ca = readFileSync(ca_file);
    const outgoing = request(`${api_url}/v1/setup`, { method: 'POST', ca, headers, agent: false });
    const password = 'seven purple otters juggle';
    const person = { name: 'Ada', email: 'ada@shop.example', password };
    outgoing.end(JSON.stringify({ token, organization: 'Shop', ...person }));
    const [answer] = await once(outgoing, 'response');
    answer.resume();
    return answer.statusCode;
  }

  before(async () => {
    const ports = await freePorts(portNames.length);
    const settings = Object.fromEntries(portNames.map((name, index) => [name, `${ports[index]}`]));
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    env = { PATH, NODE_COMPILE_CACHE, PAYOS_DATA_DIR: data, ...settings };
    firstWords = await start();
    assert.match(firstWords, /Ready in/);
  });
  after(stopped);

  it('serves the API with the key it made', async () => {
    assert.equal(quickstart().api_url, `https://localhost:${env['PAYOS_PORT']}`);
    assert.equal(await visit('/v1/payments'), 200);
  });

  it('keeps everything for its owner: folders 0700, files 0600', () => {
    const entries = readdirSync(data, { recursive: true, withFileTypes: true });
    const open = entries.filter(({ parentPath, name }) => {
      const found = lstatSync(join(parentPath, name));
      return !found.isSymbolicLink() && (found.mode & 0o077) !== 0;
    });
    assert.deepEqual(
      open.map(({ parentPath, name }) => join(parentPath, name)),
      [],
    );
    assert.equal(lstatSync(data).mode & 0o777, 0o700);
  });

  it('prints a set-up link while there is no owner, and keeps it nowhere', async () => {
    const token = /^ {2}https:\/\/localhost:\d+\/setup#token=([\w-]{43})$/m.exec(firstWords)?.[1];
    assert.ok(token, firstWords);
    const files = readdirSync(data, { recursive: true, withFileTypes: true });
    for (const { parentPath, name } of files.filter((file) => file.isFile())) {
      assert.ok(!readFileSync(join(parentPath, name), 'latin1').includes(token), name);
    }
    assert.equal(await setUp(token), 200);
    assert.equal(await setUp(token), 410);
  });

  it('is refused beside a running one', async () => {
    const script = join(repository, 'launcher', 'src', 'main.ts');
    const second = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [said, [code]] = await Promise.all([text(second.stderr), once(second, 'exit')]);
    assert.equal(code, 1);
    assert.match(said, /^PayOS is already running here \(process \d+, https:[^\n]*\n$/);
  });

  it('has a vault whose root can be shared out, to be sealed from the next start on', async () => {
    assert.doesNotMatch(firstWords, /sealed/);
    const file = join(data, 'secrets', 'vault-keyring.json');
    const keyring = readFileSync(file, 'utf8');
    const asked = { keyring, unlock: [], shares: 3, threshold: 2, by: 'Ada' };
    const socket = join(data, 'run', 'vault.sock');
    const split = await askOperator(socket, 'POST', '/custody/split', asked);
    writeFileSync(file, String(split['keyring']));
  });

  it('finds everything again after kill -9, adopts PostgreSQL and stops it too', async () => {
    const before = quickstart();
    const pid = readFileSync(postmaster(), 'utf8').split('\n')[0];
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');
    // Its processes notice and stop by themselves; the new launcher waits for their ports.
    const said = await start();
    assert.match(said, /Ready in/);
    assert.doesNotMatch(said, /setup#token/);
    assert.match(said, /^The vault is sealed\. 2 of 3 custodians .*: npx payos vault unseal .*$/m);
    assert.equal(readFileSync(postmaster(), 'utf8').split('\n')[0], pid);
    assert.deepEqual(quickstart(), before);
    assert.equal(await visit('/v1/payments'), 200);
    assert.equal(await stopped(), 0);
    assert.equal(existsSync(postmaster()), false);
    assert.deepEqual(readdirSync(join(data, 'run')), []);
  });

  it('does not go on without the secrets that its data needs', async () => {
    const file = join(data, 'secrets', 'key-pepper');
    renameSync(file, `${file}.away`);
    assert.match(await start(), /secrets are gone: key-pepper/);
    assert.equal(launcher.exitCode, 1);
    renameSync(`${file}.away`, file);
  });
});
