import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runChild } from './child.ts';
import { childEnvironment, settingsOf, withFetched } from './child-settings.ts';
import { testFolder } from './testing.ts';

const root = testFolder('child');

function specOf(code: string) {
  const cwd = mkdtempSync(join(root, 'child-'));
  const file = join(cwd, 'main.mjs');
  writeFileSync(file, code);
  return { name: 'example', file, flags: [], env: {}, cwd, logFile: join(cwd, 'example.log') };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(10);
}

describe('a process of ours', () => {
  it('is shown with its own words when it cannot start', async () => {
    const spec = specOf(
      `console.log('{"level":"info"}'); console.error('X is missing.'); process.exit(1)`,
    );
    await assert.rejects(runChild(spec).ready, {
      name: 'Refusal',
      message: [
        'example did not start (ended with code 1):',
        '  X is missing.',
        `  Log: ${spec.logFile}`,
      ].join('\n'),
    });
  });

  it('is started again when it crashes, and stays down when it was stopped', async () => {
    const spec = specOf(`
      import { appendFileSync } from 'node:fs';
      appendFileSync('pids', process.pid + '\\n');
      process.on('SIGTERM', () => process.exit(0));
      process.on('disconnect', () => process.exit(0));
      process.send({ ready: true });`);
    const child = runChild(spec);
    await child.ready;
    const pids = () => readFileSync(join(spec.cwd, 'pids'), 'utf8').trim().split('\n').map(Number);
    process.kill(pids()[0] ?? 0, 'SIGKILL');
    await until(() => pids().length === 2);
    await child.stop();
    assert.equal(pids().length, 2);
    assert.throws(() => process.kill(pids()[1] ?? 0, 0), { code: 'ESRCH' });
  });

  it('has what it says besides shown, at its start and whenever it is back', async (t) => {
    const shown: string[] = [];
    t.mock.method(process.stderr, 'write', (text: string) => shown.push(text) > 0);
    const spec = specOf(`
      process.on('SIGTERM', () => process.exit(0));
      process.send({ ready: true, note: 'It is sealed.' });
      setTimeout(() => process.exit(3), 300);`);
    const child = runChild(spec);
    await child.ready;
    const notes = () => shown.filter((text) => text === 'example: It is sealed.\n').length;
    assert.equal(notes(), 1);
    await until(() => notes() === 2 && shown.includes('example runs again, and waits.\n'));
    await child.stop();
  });

  it('does not get the signal that the terminal sends to the launcher', async () => {
    const spec = specOf(`
      import { readFileSync, writeFileSync } from 'node:fs';
      writeFileSync('group', readFileSync('/proc/self/stat', 'utf8').split(' ')[4]);
      process.on('SIGTERM', () => process.exit(0));
      process.send({ ready: true });`);
    if (!existsSync('/proc/self/stat')) return;
    const child = runChild(spec);
    await child.ready;
    const own = readFileSync('/proc/self/stat', 'utf8').split(' ')[4];
    assert.notEqual(readFileSync(join(spec.cwd, 'group'), 'utf8'), own);
    await child.stop();
  });
});

describe('the environment of a process', () => {
  const secretsOf = {
    server: [
      'PAYOS_KEY_PEPPER',
      'PAYOS_SEALING_KEY',
      'PAYOS_DB_APP_URL',
      'PAYOS_DB_READ_URL',
      'PAYOS_VAULT_SIGNING_KEY',
    ],
    vault: ['PAYOS_VAULT_DB_APP_URL', 'PAYOS_VAULT_KEYRING'],
  } as const;

  it('keeps the secrets of either zone from the other', () => {
    for (const name of secretsOf.server) assert.ok(!settingsOf.vault.includes(name), name);
    for (const name of secretsOf.vault) {
      for (const other of ['server', 'worker', 'simulator'] as const) {
        assert.ok(!settingsOf[other].includes(name), `${other} ${name}`);
      }
    }
    const owners = Object.values(settingsOf).flat();
    assert.ok(!owners.includes('DATABASE_URL') && !owners.includes('VAULT_DATABASE_URL'));
  });

  it('passes on what the user set, and secrets as files', () => {
    const env = {
      PATH: '/bin',
      DATABASE_URL: 'postgresql://owner@db/payos',
      PAYOS_KEY_PEPPER_FILE: '/run/pepper',
      PAYOS_PORT: '9443',
      NODE_OPTIONS: '--inspect',
      AWS_SECRET_ACCESS_KEY: 'not ours',
    };
    const derived = {
      PAYOS_KEY_PEPPER: { file: '/ours/pepper' },
      PAYOS_SEALING_KEY: { file: '/ours/sealing' },
      PAYOS_PUBLIC_URL: { value: 'https://localhost:9443' },
    };
    assert.deepEqual(childEnvironment('server', env, derived), {
      PATH: '/bin',
      NODE_OPTIONS: '--inspect',
      PAYOS_KEY_PEPPER_FILE: '/run/pepper',
      PAYOS_PORT: '9443',
      PAYOS_PUBLIC_URL: 'https://localhost:9443',
      PAYOS_SEALING_KEY_FILE: '/ours/sealing',
    });
    assert.deepEqual(childEnvironment('vault', env, derived), { PATH: '/bin' });
  });

  it('gives each process what came from a service, and never the way to the service', () => {
    const env = {
      VAULT_ADDR: 'https://vault.example:8200',
      VAULT_TOKEN: 'hvs.example',
      AWS_SECRET_ACCESS_KEY: 'example',
      PAYOS_KEY_PEPPER: 'vault://secret/payos#key_pepper',
      PAYOS_VAULT_KEYRING_FILE: '/run/reference-to-keyring',
    };
    const fetched = new Map([
      ['PAYOS_KEY_PEPPER', 'pepper'],
      ['PAYOS_VAULT_KEYRING', 'keyring'],
    ] as const);
    const filled = withFetched(env, fetched);
    const derived = { PAYOS_VAULT_KEYRING: { file: '/ours/keyring' } };
    assert.deepEqual(childEnvironment('server', filled, derived), { PAYOS_KEY_PEPPER: 'pepper' });
    assert.deepEqual(childEnvironment('vault', filled, derived), {
      PAYOS_VAULT_KEYRING: 'keyring',
    });
    assert.deepEqual(childEnvironment('worker', filled, derived), {});
  });

  it('has the way to the key service in the vault when its keys are there, else nowhere', () => {
    const aws = { AWS_SECRET_ACCESS_KEY: 'example', AWS_REGION: 'eu-central-1' };
    const vault = { VAULT_ADDR: 'https://vault.example:8200', VAULT_ROLE_ID: 'role' };
    const kms = { PAYOS_VAULT_KEY_PROVIDER: 'aws-kms' };
    const all = { ...aws, ...vault, ...kms, VAULT_FORMAT: 'json' };
    assert.deepEqual(childEnvironment('vault', all, {}), { ...aws, ...kms });
    const both = { ...all, PAYOS_VAULT_OLD_KEY_PROVIDER: 'vault-transit' };
    const { VAULT_FORMAT: _, ...rest } = both;
    assert.deepEqual(childEnvironment('vault', both, {}), rest);
    for (const name of ['server', 'worker', 'simulator'] as const) {
      assert.deepEqual(childEnvironment(name, both, {}), {});
    }
  });

  it('is not given the public certificate where it stands for another company', () => {
    const env = { PAYOS_TLS_CERT_FILE: '/mine/cert.pem', PAYOS_TLS_KEY_FILE: '/mine/key.pem' };
    const derived = {
      PAYOS_TLS_CERT: { file: '/ours/cert.pem' },
      PAYOS_TLS_KEY: { file: '/ours/key.pem' },
    };
    assert.deepEqual(childEnvironment('server', env, derived), env);
    assert.deepEqual(childEnvironment('simulator', env, derived), {
      PAYOS_TLS_CERT_FILE: '/ours/cert.pem',
      PAYOS_TLS_KEY_FILE: '/ours/key.pem',
    });
  });
});
