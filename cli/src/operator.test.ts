import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { emptyFolder, type Finished, payos } from '../test/run.ts';
import { type Answering, operatorServer, type Recorded } from '../test/servers.ts';

const key = `payos_sk_test_${'A1b2'.repeat(12)}zz`;
const created = {
  id: 'key_1',
  object: 'api_key',
  organization: 'org_1',
  mode: 'test',
  kind: 'secret',
  name: 'Shop',
  hint: 'payos_sk_test_A1b2…b2zz',
  status: 'active',
  permissions: ['payments:read'],
  rate_limit: null,
  api_version: '2026-11-23',
  created_at: '2026-11-23T00:00:00.000Z',
  revoked_at: null,
  revoked_reason: null,
};
const organization = {
  id: 'org_1',
  object: 'organization',
  name: 'Shop',
  created_at: '2026-11-23',
};

let folder: string;
let cleanUp: () => void;

beforeEach(() => {
  const made = emptyFolder();
  folder = made.folder;
  cleanUp = made.remove;
});
afterEach(() => cleanUp());

/** Runs a command beside a server on the socket where `npm start` puts it. */
async function run(
  parameters: string[],
  answering: Answering,
  env: Record<string, string> = {},
  socket = join(folder, '.payos', 'run', 'operator.sock'),
): Promise<Finished & { requests: Recorded[] }> {
  mkdirSync(join(folder, '.payos', 'run'), { recursive: true });
  const server = await operatorServer(socket, answering);
  try {
    return { ...(await payos(folder, parameters, env)), requests: server.requests };
  } finally {
    await server.close();
  }
}

const mint = ['keys', 'create', '--mode', 'test', '--name', 'Shop'];
const minted: Answering = () => ({ status: 201, body: { ...created, key } });

test('keys create sends what was asked and prints the key alone, once', async () => {
  const { code, stdout, stderr, requests } = await run(
    [...mint, '--permissions', 'payments:read, payments:write', '--rate-limit', '5'],
    minted,
  );
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `${key}\n`);
  assert.match(stderr, /key_1: secret test key "Shop"/);
  assert.match(stderr, /shown this once only/);
  assert.ok(!stderr.includes(key));
  assert.deepEqual(requests, [
    {
      method: 'POST',
      url: '/operator/api_keys',
      authorization: '',
      body: {
        mode: 'test',
        name: 'Shop',
        permissions: ['payments:read', 'payments:write'],
        rate_limit: 5,
      },
    },
  ]);
});

test('keys create --publishable --organization --json', async () => {
  const more = ['--publishable', '--organization', 'org_1', '--json'];
  const { stdout, requests } = await run([...mint, ...more], minted);
  assert.deepEqual(JSON.parse(stdout), { ...created, key });
  const body = { mode: 'test', name: 'Shop', organization: 'org_1', kind: 'publishable' };
  assert.deepEqual(requests[0]?.body, body);
});

test('keys create --owner names the member whose key it is', async () => {
  const { code, requests } = await run([...mint, '--owner', 'ada@shop.example'], minted);
  assert.equal(code, 0);
  assert.deepEqual(requests[0]?.body, { mode: 'test', name: 'Shop', owner: 'ada@shop.example' });
});

test('setup-link prints the link alone, and says when there is an owner', async () => {
  const link = 'https://localhost:8443/setup#token=abc';
  const made = await run(['setup-link', '--organization', 'org_1'], () => ({ body: { link } }));
  assert.equal(made.stdout, `${link}\n`, made.stderr);
  const [request] = made.requests;
  assert.equal(`${request?.method} ${request?.url}`, 'POST /operator/setup_links');
  assert.deepEqual(request?.body, { organization: 'org_1' });
  const none = await run(['setup-link'], () => ({ body: { link: null } }));
  assert.deepEqual([none.code, none.stdout], [0, '']);
  assert.match(none.stderr, /has an owner/);
  const json = await run(['setup-link', '--json'], () => ({ body: { link } }));
  assert.deepEqual(JSON.parse(json.stdout), { link });
});

test('keys list: a line per key in a pipe, JSON for machines, filters in the query', async () => {
  const listed: Answering = () => ({
    body: {
      data: [created, { ...created, id: 'key_2', status: 'revoked', name: 'a\tb\u001b[2J' }],
    },
  });
  const plain = await run(['keys', 'list', '--mode', 'test', '--organization', 'org_1'], listed);
  const rows = plain.stdout.trimEnd().split('\n');
  const cells = rows.map((row) => row.split('\t').slice(0, 6));
  assert.deepEqual(cells, [
    ['key_1', 'Shop', 'test', 'secret', created.hint, 'active'],
    ['key_2', 'a\ufffdb\ufffd[2J', 'test', 'secret', created.hint, 'revoked'],
  ]);
  assert.equal(plain.requests[0]?.url, '/operator/api_keys?mode=test&organization=org_1');
  const json = await run(['keys', 'list', '--json'], listed);
  assert.equal(JSON.parse(json.stdout).data.length, 2);
  assert.equal(json.requests[0]?.url, '/operator/api_keys');
});

test('an empty list prints nothing into a pipe and says what to do beside it', async () => {
  const { code, stdout, stderr } = await run(['keys', 'list'], () => ({ body: { data: [] } }));
  assert.deepEqual([code, stdout], [0, '']);
  assert.match(stderr, /No API keys/);
});

const silent = { node: 'srv-2', kind: 'server', seen_at: '2026-11-24T00:00:00.000Z' };

test('keys revoke says which processes know of it', async () => {
  const propagation = { nodes: 3, acknowledged: 2, milliseconds: 4.25, waiting: [silent] };
  const revoked: Answering = () => ({ body: { ...created, status: 'revoked', propagation } });
  const { code, stdout, stderr, requests } = await run(
    ['keys', 'revoke', 'key_1', '--reason', 'leaked'],
    revoked,
  );
  assert.equal(code, 0);
  assert.equal(stdout, 'key_1 ("Shop") is revoked.\n');
  assert.match(stderr, /^2 of 3 processes have acknowledged it within 4\.3 ms\.\n {2}server srv-2/);
  const [request] = requests;
  assert.equal(`${request?.method} ${request?.url}`, 'POST /operator/api_keys/key_1/revoke');
  assert.deepEqual(request?.body, { reason: 'leaked' });
});

test('organizations create and list', async () => {
  const made = await run(['organizations', 'create', '--name', 'Shop'], () => ({
    status: 201,
    body: organization,
  }));
  assert.equal(made.stdout, 'org_1\n');
  assert.deepEqual(made.requests[0]?.body, { name: 'Shop' });
  const list = await run(['organizations', 'list'], () => ({ body: { data: [organization] } }));
  assert.equal(list.stdout, 'org_1\tShop\t2026-11-23\n');
});

test('a refusal is printed with what to fix and the request id, and exits 1', async () => {
  const problem = {
    title: 'The request does not have the expected form.',
    detail: 'One field is wrong.',
    fix: 'See `errors`.',
    request_id: 'req_7',
    errors: [{ pointer: '/name', code: 'maxLength', message: 'too long', fix: '' }],
  };
  const { code, stdout, stderr } = await run(mint, () => ({ status: 400, body: problem }));
  assert.deepEqual([code, stdout], [1, '']);
  const lines = [
    'error: The request does not have the expected form.',
    '  One field is wrong.',
    '  /name: too long',
    '  fix: See `errors`.',
    '  request_id: req_7',
  ];
  assert.equal(stderr, `${lines.join('\n')}\n`);
  const junk = await run(mint, () => ({ status: 502, raw: '<html>' }));
  assert.equal(junk.code, 1);
  assert.match(junk.stderr, /not PayOS \(status 502\)/);
});

test('the socket is found by the environment, the data folder, or endpoints.json', async () => {
  const socket = join(folder, 'elsewhere.sock');
  const byEnv = await run(mint, minted, { PAYOS_OPERATOR_SOCKET: socket }, socket);
  assert.equal(byEnv.code, 0, byEnv.stderr);
  const moved = { PAYOS_DATA_DIR: 'data' };
  mkdirSync(join(folder, 'data', 'run'), { recursive: true });
  const byFolder = await run(mint, minted, moved, join(folder, 'data', 'run', 'operator.sock'));
  assert.equal(byFolder.code, 0, byFolder.stderr);
  const endpoints = join(folder, 'data', 'run', 'endpoints.json');
  writeFileSync(endpoints, JSON.stringify({ operator_socket: socket }));
  const byFile = await run(mint, minted, moved, socket);
  assert.equal(byFile.code, 0, byFile.stderr);
  writeFileSync(endpoints, '{');
  const damaged = await payos(folder, mint, moved);
  assert.match(damaged.stderr, /endpoints\.json is damaged/);
});

test('without a running PayOS there is one line that says to start it', async () => {
  for (const parameters of [mint, ['organizations', 'list']]) {
    const { code, stdout, stderr } = await payos(folder, parameters);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^error: PayOS is not running here .* Start it with `npm start`;.*\n$/);
  }
});

test('accounts reset-factors says what it does before, and until when it holds after', async () => {
  const help = await payos(folder, ['accounts', 'reset-factors', '--help']);
  assert.match(help.stdout, /removes every passkey[\s\S]*their password alone is enough/i);
  const email = 'ada@shop.example';
  const body = { account: 'acc_1', email, enroll_until: '2026-11-24T00:00:00.000Z' };
  const parameters = ['accounts', 'reset-factors', email];
  const { code, stdout, stderr, requests } = await run(parameters, () => ({ status: 200, body }));
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    requests.map(({ method, url, body }) => ({ method, url, body })),
    [{ method: 'POST', url: '/operator/accounts/reset_factors', body: { email } }],
  );
  assert.match(stdout, /ada@shop\.example: every factor was removed/);
  assert.match(stderr, /until 2026-11-24/);
});

test('accounts password-link prints the link alone', async () => {
  const link = 'https://pay.example/password-reset#token=abc';
  const body = { email: 'ada@shop.example', link, expires_at: '2026-11-24T00:00:00.000Z' };
  const parameters = ['accounts', 'password-link', 'ada@shop.example'];
  const { code, stdout, stderr } = await run(parameters, () => ({ status: 201, body }));
  assert.equal(code, 0, stderr);
  assert.equal(stdout.trim(), link);
  assert.match(stderr, /For ada@shop\.example, once/);
});

test('accounts unlock says whether there was a lock', async () => {
  const email = 'ada@shop.example';
  const body = { account: 'acc_1', email, was_locked: true };
  const parameters = ['accounts', 'unlock', email];
  const { code, stdout, stderr, requests } = await run(parameters, () => ({ status: 200, body }));
  assert.equal(code, 0, stderr);
  assert.equal(requests[0]?.url, '/operator/accounts/unlock');
  assert.equal(stdout, 'ada@shop.example is unlocked.\n');
  const idle = { status: 200, body: { ...body, was_locked: false } };
  assert.match((await run(parameters, () => idle)).stdout, /was not locked/);
});

test('misuse exits 2 before anything is sent', async () => {
  const misuses = [
    [],
    ['frobnicate'],
    ['keys'],
    ['keys', 'create', '--name', 'Shop'],
    ['keys', 'create', '--mode', 'prod', '--name', 'Shop'],
    ['keys', 'create', '--mode', 'test'],
    [...mint, '--rate-limit', 'many'],
    [...mint, '--rate-limit', '0'],
    [...mint, '--permissions', 'a,,b'],
    [...mint, '--organization', 'cus_1'],
    [...mint, 'extra'],
    [...mint, '--expires', 'soon'],
    [...mint, '--limit', 'EUR:5'],
    ['keys', 'rotate', 'key_1', '--overlap', '8d'],
    ['keys', 'update', 'key_1'],
    ['keys', 'narrow', 'key_1'],
    ['keys', 'policy'],
    ['keys', 'policy', '--mode', 'live', '--one-service', 'maybe'],
    [...mint, '--unknown'],
    ['keys', 'revoke'],
    ['keys', 'revoke', 'key_1/../../x'],
    ['organizations', 'create'],
    ['accounts', 'reset-factors'],
  ];
  for (const parameters of misuses) {
    const { code, stdout, stderr } = await payos(folder, parameters);
    assert.equal(code, 2, `${parameters.join(' ')}: ${stderr}`);
    assert.equal(stdout, '');
    assert.notEqual(stderr, '');
  }
  const help = await payos(folder, ['keys', '--help']);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /create.*\n.*list.*\n[\s\S]*rotate[\s\S]*revoke/);
});

test('pci report tells of the vault alone where there is no server', async () => {
  const facts = {
    versions: { node: '24', openssl: '3', postgresql: '18' },
    provider: { name: 'aws-kms', fit_for_live: true, remote: true },
    live_with_keyring_file: false,
    key_cache_seconds: 300,
    visitors_per_second: 5,
    weaknesses: [],
    forward_hosts: [],
    live_destinations: ['*'],
    live_reveal_keys: [],
    keys: [],
    tokens: ['org_1', 'org_2'].map((organization) => {
      return { organization, mode: 'live', tokens: 7, saved: 1 };
    }),
    forwards: [],
  };
  const socket = join(folder, '.payos', 'run', 'vault.sock');
  const asked = ['pci', 'report', '--organization', 'org_1', '--days', '30'];
  const { code, stdout, stderr, requests } = await run(asked, () => ({ body: facts }), {}, socket);
  assert.equal(code, 0, stderr);
  assert.deepEqual(requests[0]?.body, { days: 30 });
  assert.match(stdout, /live cards sent to \| any: .*\n.*sealed to \| none/);
  assert.match(stdout, /root of the keys \| aws-kms/);
  assert.match(stdout, /org\\_1 \| live \| 7 tokens made/);
  assert.doesNotMatch(stdout, /org\\_2/);
  const none = await payos(folder, ['pci', 'report']);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /not running here.*operator\.sock/);
});
