import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { after, afterEach, test } from 'node:test';
import { setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { testCertificate } from '../test/certificates.ts';
import {
  type Answer,
  problem,
  type Recorded,
  startServer,
  type TestServer,
} from '../test/server.ts';
import { PayOS } from './client.ts';
import type { PayOSOptions } from './config.ts';
import { AuthenticationError, PermissionError } from './errors.ts';

const id = `key_${'1'.repeat(22)}`;
const pair = generateKeyPairSync('ed25519');
const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const servers: TestServer[] = [];
const trusted = await testCertificate();
setDefaultCACertificates([trusted.cert]);
after(() => trusted.remove());
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function setUp(answers: Answer[], options: PayOSOptions = {}) {
  const server = await startServer(answers, options.fetch && trusted);
  servers.push(server);
  const place = { baseUrl: server.url, vaultUrl: server.url };
  const ca = options.fetch === undefined ? { caFile: server.caFile } : {};
  const signingKey = { id, privateKey: pem };
  return { server, payos: new PayOS({ signingKey, ...place, ...ca, ...options }) };
}

/** Reads a signature back as RFC 9421 says, apart from how it was made. */
function check(server: TestServer, request: Recorded, publicKey: KeyObject = pair.publicKey) {
  const { headers } = request;
  const header = (name: string) => String(headers[name]);
  const [, input = '', names = ''] = /^payos=(\((.*?)\);.*)$/.exec(header('signature-input')) ?? [];
  const covered = names.split(' ').map((name) => name.slice(1, -1));
  const lines = covered.map((name) => {
    const derived = name === '@method' ? request.method : `${server.url}${request.url}`;
    return `"${name}": ${name.startsWith('@') ? derived : header(name)}`;
  });
  const base = [...lines, `"@signature-params": ${input}`].join('\n');
  const [, base64 = ''] = /^payos=:(.*):$/.exec(header('signature')) ?? [];
  const parameter = (name: string) => new RegExp(`;${name}="?([^";]+)`).exec(input)?.[1];
  return {
    valid: verify(null, Buffer.from(base), publicKey, Buffer.from(base64, 'base64')),
    covered: covered.sort(),
    created: Number(parameter('created')),
    nonce: parameter('nonce') ?? '',
    keyid: parameter('keyid'),
    alg: parameter('alg'),
  };
}

test('a signing key signs method, URL, body and every header that matters', async () => {
  const { server, payos } = await setUp([{ body: { id: 'pay_1' } }]);
  await payos.payments.create({ amount: 1999, currency: 'EUR', description: 'Grüße' });
  const [request] = server.requests;
  assert.ok(request);
  const signature = check(server, request);
  assert.equal(signature.valid, true);
  assert.deepEqual(signature.covered, [
    '@method',
    '@target-uri',
    'content-digest',
    'content-type',
    'idempotency-key',
    'payos-version',
  ]);
  assert.equal(signature.keyid, id);
  assert.equal(signature.alg, 'ed25519');
  assert.match(signature.nonce, /^[0-9a-f]{32}$/);
  assert.ok(Math.abs(signature.created - Date.now() / 1000) < 5);
  const digest = createHash('sha256').update(request.body, 'utf8').digest('base64');
  assert.equal(request.headers['content-digest'], `sha-256=:${digest}:`);
  assert.equal(request.headers.authorization, undefined);
  assert.equal(check(server, request, generateKeyPairSync('ed25519').publicKey).valid, false);
});

test('a read is signed with its query, and no digest of a body it does not have', async () => {
  const { server, payos } = await setUp([{ body: { data: [], has_more: false, next: null } }]);
  await payos.customers.list({ reference: 'a&b|c d' });
  const [request] = server.requests;
  assert.ok(request);
  assert.match(request.url, /\?reference=a%26b/);
  const { valid, covered } = check(server, request);
  assert.equal(valid, true);
  assert.deepEqual(covered, ['@method', '@target-uri', 'payos-version']);
});

test('with fetch the same is signed and sent', async () => {
  const { server, payos } = await setUp([{ body: { id: 'x_1', data: [], has_more: false } }], {
    fetch: globalThis.fetch,
  });
  await payos.payments.create({ amount: 1, currency: 'EUR' });
  await payos.payments.list({ limit: 5 });
  assert.equal(server.requests.length, 2);
  for (const request of server.requests) assert.equal(check(server, request).valid, true);
});

test('every try has a signature of its own, and the same Idempotency-Key', async () => {
  const soon = { 'retry-after': '0' };
  const busy = { ...(problem('unavailable', 503, { retryable: true }) as object), headers: soon };
  const { server, payos } = await setUp([busy, busy, { body: { id: 'pay_1' } }]);
  await payos.payments.create({ amount: 1, currency: 'EUR' });
  assert.equal(server.requests.length, 3);
  const signatures = server.requests.map((request) => check(server, request));
  assert.ok(signatures.every(({ valid }) => valid));
  assert.equal(new Set(signatures.map(({ nonce }) => nonce)).size, 3);
  const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
  assert.equal(new Set(keys).size, 1);
});

test('a KeyObject is taken as well, and the mode is not known', async () => {
  const signingKey = { id, privateKey: pair.privateKey };
  const { server, payos } = await setUp([{ body: { id: 'pay_1' } }], { signingKey });
  await payos.payments.retrieve('pay_1');
  const [request] = server.requests;
  assert.equal(request && check(server, request).valid, true);
  assert.equal(payos.mode, undefined);
});

test('tokens are refused before anything is sent: the vault takes no signatures', async () => {
  const { server, payos } = await setUp([{}]);
  const card = { number: '4242424242424242', exp_month: 12, exp_year: 2034 };
  await assert.rejects(payos.tokens.create({ type: 'card', card }), PermissionError);
  assert.equal(server.requests.length, 0);
});

test('what is no signing key is refused, and never shown', async () => {
  const secret = pem.split('\n')[1] ?? '';
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecPem = ec.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const publicPem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const bad: [PayOSOptions['signingKey'], RegExp][] = [
    [{ id: 'key_1', privateKey: pem }, /not the id of an API key/],
    [{ id, privateKey: '' }, /not an Ed25519 private key/],
    [{ id, privateKey: './signing-key.pem' }, /not its file name/],
    [{ id, privateKey: publicPem }, /not an Ed25519 private key/],
    [{ id, privateKey: pair.publicKey }, /not an Ed25519 private key/],
    [{ id, privateKey: ecPem }, /not an Ed25519 private key/],
    [{ id, privateKey: secret }, /not an Ed25519 private key/],
  ];
  for (const [signingKey, message] of bad) {
    assert.throws(
      () => new PayOS({ signingKey }),
      (error) => {
        assert.ok(error instanceof AuthenticationError);
        assert.match(error.message, message);
        assert.ok(!inspect(error, { depth: Infinity, showHidden: true }).includes(secret));
        return true;
      },
    );
  }
  const both = { secretKey: 'payos_sk_test_x', signingKey: { id, privateKey: pem } };
  assert.throws(() => new PayOS(both), /are both given/);
  const { payos } = await setUp([{}]);
  for (const thing of [payos, payos.payments]) {
    assert.ok(!inspect(thing, { depth: Infinity, showHidden: true }).includes(secret));
    assert.ok(!JSON.stringify(thing).includes(secret));
  }
});

test('a signing key in a browser is refused', () => {
  Reflect.set(globalThis, 'document', {});
  try {
    const signingKey = { id, privateKey: pem };
    assert.throws(() => new PayOS({ signingKey }), /must not be in a browser/);
  } finally {
    Reflect.deleteProperty(globalThis, 'document');
  }
});
