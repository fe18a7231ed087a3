import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type AwsService, startAwsService } from '../../tools/harness/aws-service.ts';
import { freePorts } from '../../tools/harness/free-ports.ts';
import { sealed, startVaultService, type VaultService } from '../../tools/harness/vault-service.ts';
import { ensureCertificates } from './certificates.ts';
import { repository } from './layout.ts';
import { testFolder } from './testing.ts';

const folder = testFolder('secret-services');
const data = join(folder, 'data');
const newKey = () => randomBytes(32).toString('base64');
const keyring = { provider: 'keyring-file', current: 1, roots: { 1: newKey() } };
const secrets = { pepper: newKey(), sealing: newKey(), simulator: newKey(), mail: newKey() };

describe('npm start with a secret from each source', () => {
  let vault: VaultService;
  let aws: AwsService;
  let env: Record<string, string | undefined>;
  let launcher: ChildProcess;
  let said = '';

  async function start(more: Record<string, string> = {}): Promise<void> {
    said = '';
    const script = join(repository, 'launcher', 'src', 'main.ts');
    launcher = spawn(process.execPath, [script], {
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ready = new Promise<void>((done) => {
      for (const stream of [launcher.stdout, launcher.stderr]) {
        stream?.on('data', (chunk) => {
          said += chunk;
          if (said.includes('Ready in')) done();
        });
      }
    });
    await Promise.race([ready, once(launcher, 'close')]);
  }

  async function stopped(): Promise<number | null> {
    if (launcher.exitCode !== null || launcher.signalCode !== null) return launcher.exitCode;
    launcher.kill('SIGTERM');
    const [code] = await once(launcher, 'exit');
    return code;
  }

  before(async () => {
    const certificates = join(folder, 'certificates');
    await ensureCertificates(certificates, new Date());
    const caFile = join(certificates, 'ca.pem');
    const read = (name: string) => readFileSync(join(certificates, name), 'utf8');
    const tls = { cert: read('localhost.pem'), key: read('localhost-key.pem') };
    vault = await startVaultService(tls);
    aws = await startAwsService(tls);
    vault.put('secret/payos/server', { key_pepper: secrets.pepper });
    vault.put('secret/payos/vault', { keyring: JSON.stringify(keyring) });
    aws.secrets.set('payos/test', {
      SecretString: JSON.stringify({
        sealing_key: secrets.sealing,
        smtp: `smtps://payos:${encodeURIComponent(secrets.mail)}@localhost:1`,
      }),
    });
    const { roleId, secretId } = vault.addRole((path) => path.startsWith('secret/data/payos/'));
    writeFileSync(join(folder, 'secret-id'), secretId, { mode: 0o600 });
    writeFileSync(join(folder, 'simulator-secret'), `${secrets.simulator}\n`, { mode: 0o600 });
    const ports = await freePorts(2);
    env = {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      NODE_EXTRA_CA_CERTS: caFile,
      PAYOS_DATA_DIR: data,
      PAYOS_PORT: String(ports[0]),
      PAYOS_VAULT_PORT: String(ports[1]),
      VAULT_ADDR: vault.url,
      VAULT_CACERT: caFile,
      VAULT_ROLE_ID: roleId,
      VAULT_SECRET_ID_FILE: join(folder, 'secret-id'),
      ...aws.environment,
      PAYOS_KEY_PEPPER: 'vault://secret/payos/server#key_pepper',
      PAYOS_VAULT_KEYRING: 'vault://secret/payos/vault#keyring',
      PAYOS_SEALING_KEY: 'aws-sm://payos/test#sealing_key',
      PAYOS_SMTP_URL: `aws-sm://${aws.arnOf('payos/test')}#smtp`,
      PAYOS_MAIL_FROM: 'payos@shop.example',
      PAYOS_SIMULATOR_SECRET_FILE: join(folder, 'simulator-secret'),
    };
    await start();
    assert.match(said, /Ready in/, said);
  });
  after(async () => {
    await stopped();
    await vault.stop();
    await aws.stop();
  });

  it('serves, with a key whose pepper came from Vault', async () => {
    assert.equal(await visit('/v1/payments'), 200);
  });

  it('asked each service once for each secret, and gave its token back', () => {
    const asked = vault.seen.map(({ method, path }) => `${method} ${path}`).toSorted();
    assert.deepEqual(asked, [
      'GET secret/data/payos/server',
      'GET secret/data/payos/vault',
      'POST auth/approle/login',
      'POST auth/token/revoke-self',
    ]);
    assert.deepEqual(aws.asked.toSorted(), [aws.arnOf('payos/test'), 'payos/test']);
    assert.equal(vault.tokens.size, 0);
  });

  it('writes no secret anywhere: not on the screen, not into a log, not to disk', () => {
    const hidden = [...Object.values(secrets), keyring.roots[1], aws.keys.secret, aws.keys.id];
    const entries = readdirSync(data, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    assert.ok(files.some(({ name }) => name === 'server.log'));
    for (const name of ['key-pepper', 'sealing-key', 'simulator-secret', 'vault-keyring.json']) {
      assert.ok(!existsSync(join(data, 'secrets', name)), name);
    }
    for (const value of hidden) {
      assert.ok(!said.includes(value));
      for (const { parentPath, name } of files) {
        const text = readFileSync(join(parentPath, name), 'latin1');
        assert.ok(!text.includes(value), `${parentPath}/${name}`);
      }
    }
  });

  it('gives each process its own secrets, and none the way to the services', () => {
    if (!existsSync('/proc/self/environ')) return;
    const environments = environmentsOfChildren(launcher.pid ?? 0);
    const holders = (text: string) =>
      Object.keys(environments).filter((name) => environments[name]?.includes(text));
    assert.deepEqual(Object.keys(environments), ['server', 'simulator', 'vault', 'worker']);
    assert.deepEqual(holders(secrets.pepper), ['server']);
    assert.deepEqual(holders(secrets.sealing), ['server', 'worker']);
    assert.deepEqual(holders(keyring.roots[1]), ['vault']);
    assert.deepEqual(holders('PAYOS_SMTP_URL='), ['worker']);
    for (const way of ['VAULT_ADDR', 'VAULT_ROLE_ID', 'VAULT_SECRET_ID', 'AWS_', 'vault://']) {
      assert.deepEqual(holders(way), [], way);
    }
  });

  it('does not start while the services are away: two lines say what to do', async () => {
    assert.equal(await stopped(), 0);
    vault.outage = sealed;
    await start({ AWS_ENDPOINT_URL_SECRETS_MANAGER: 'https://localhost:1' });
    assert.equal(await stopped(), 1);
    const lines = said.split('\n').filter((line) => !line.startsWith('Reading the settings'));
    assert.deepEqual(lines.toSorted(), [
      '',
      'PAYOS_KEY_PEPPER, PAYOS_VAULT_KEYRING: ' +
        `Vault at ${vault.url} is sealed (503). Unseal it, then start again.`,
      'PAYOS_SEALING_KEY, PAYOS_SMTP_URL: AWS Secrets Manager cannot be reached ' +
        '(ECONNREFUSED). Check AWS_REGION and the network.',
    ]);
  });

  it('starts again when they are back, over the same data', async () => {
    vault.outage = undefined;
    await start();
    assert.match(said, /Ready in/);
    assert.equal(await visit('/v1/payments'), 200);
  });
});

/** Status of `GET path` with the key of the quickstart. */
async function visit(path: string): Promise<number | undefined> {
  const { api_url, ca_file, secret_key } = JSON.parse(
    readFileSync(join(data, 'quickstart.json'), 'utf8'),
  );
  const headers = { authorization: `Bearer ${secret_key}` };
  const outgoing = request(`${api_url}${path}`, {
    ca: readFileSync(ca_file),
    headers,
    agent: false,
  });
  outgoing.end();
  const [answer] = await once(outgoing, 'response');
  answer.resume();
  return answer.statusCode;
}

/** The environments of our processes, by their names, as the system keeps them. */
function environmentsOfChildren(parent: number): Record<string, string> {
  const found: [string, string][] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, status = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      if (Number(status.split(' ')[1]) !== parent) continue;
      const script = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const name = /(simulator|vault|worker|server)(\/src\/main)?\.ts/.exec(script)?.[1];
      if (name !== undefined) found.push([name, readFileSync(`/proc/${pid}/environ`, 'utf8')]);
    } catch {
      // It ended while we looked.
    }
  }
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
