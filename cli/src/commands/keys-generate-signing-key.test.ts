import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { emptyFolder, payos } from '../../test/run.ts';
import { operatorServer } from '../../test/servers.ts';

const { folder, remove } = emptyFolder();
after(remove);
const generate = ['keys', 'generate-signing-key'];
const file = (name: string) => join(folder, name);

test('the private key goes to a file of its owner, the public one to the output', async () => {
  const { code, stdout, stderr } = await payos(folder, generate);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^[A-Za-z0-9+/]{43}=\n$/);
  assert.match(stderr, /signing-key\.pem/);
  assert.equal(statSync(file('signing-key.pem')).mode & 0o777, 0o600);
  const pem = readFileSync(file('signing-key.pem'), 'utf8');
  const privateKey = createPrivateKey(pem);
  assert.equal(privateKey.asymmetricKeyType, 'ed25519');
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  assert.equal(Buffer.from(x, 'base64url').toString('base64'), stdout.trim());
  const secret = pem.split('\n')[1] ?? '-';
  assert.ok(!`${stdout}${stderr}`.includes(secret));
});

test('a file that is there is never written over', async () => {
  const first = await payos(folder, [...generate, '--out', 'twice.pem']);
  assert.equal(first.code, 0, first.stderr);
  const before = readFileSync(file('twice.pem'), 'utf8');
  const second = await payos(folder, [...generate, '--out', 'twice.pem']);
  assert.equal(second.code, 1);
  assert.match(second.stderr, /is there already/);
  assert.equal(second.stdout, '');
  assert.equal(readFileSync(file('twice.pem'), 'utf8'), before);
  const nowhere = await payos(folder, [...generate, '--out', 'no/such/folder.pem']);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /cannot be written \(ENOENT\)/);
});

test('--json prints where and which, and no secret', async () => {
  const { stdout } = await payos(folder, [...generate, '--out', 'json.pem', '--json']);
  const printed = JSON.parse(stdout);
  assert.equal(printed.private_key_file, file('json.pem'));
  assert.deepEqual(Object.keys(printed.jwk).sort(), ['crv', 'kty', 'x']);
  assert.equal(Buffer.from(printed.jwk.x, 'base64url').toString('base64'), printed.public_key);
});

test('keys create --public-key registers it, and prints the id alone', async () => {
  const created = { id: 'key_1', kind: 'signing', mode: 'test', name: 'Shop', permissions: [] };
  const socket = file('o.sock');
  const server = await operatorServer(socket, () => ({ body: { ...created, key: null } }));
  const env = { PAYOS_OPERATOR_SOCKET: socket };
  const create = ['keys', 'create', '--mode', 'test', '--name', 'Shop', '--public-key', 'abc'];
  const { code, stdout, stderr } = await payos(folder, create, env);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'key_1\n');
  assert.ok(!stderr.includes('shown this once'));
  const body = { mode: 'test', name: 'Shop', kind: 'signing', public_key: 'abc' };
  assert.deepEqual(server.requests[0]?.body, body);
  const both = await payos(folder, [...create, '--publishable'], env);
  assert.equal(both.code, 2);
  await server.close();
});
