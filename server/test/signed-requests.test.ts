import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PayOS } from 'payos-sdk';
import type { Answer } from '../../tools/harness/api-client.ts';
import { ApiClient } from '../../tools/harness/api-client.ts';
import { freePorts } from '../../tools/harness/free-ports.ts';
import { TestProcess } from '../../tools/harness/processes.ts';
import { newId } from '../src/core/random.ts';
import { ask } from './raw-request.ts';
import { openShop, type Shop } from './shop.ts';
import {
  base64Of,
  newPair,
  register,
  type SignedCall,
  type Signer,
  send,
  signCall,
} from './signer.ts';

const addressRate = 40;
let shop: Shop;
let signer: Signer;
before(async () => {
  shop = await openShop({ settings: { PAYOS_RATE_LIMIT_ADDRESS: String(addressRate) } });
  signer = await register(shop);
});
after(async () => shop?.stop());

const list = { method: 'GET', path: '/v1/customers?limit=5' };
const newCustomer = () => {
  const body = { reference: randomBytes(8).toString('hex') };
  return { method: 'POST', path: '/v1/customers', body };
};
const code = ({ status, body }: Answer) => `${status} ${body.code ?? ''}`.trim();
const invalid = '401 invalid_signature';
const vague = 'The signature of this request is not valid.';

/** Every limit here is per second. */
const limitsToRest = () => setTimeout(1_100);

async function countCustomers(): Promise<number> {
  const control = await shop.connect('control');
  const { rows } = await control.query('SELECT count(*)::integer AS n FROM customers');
  await control.end();
  return rows[0].n;
}

describe('a signed request', () => {
  it('is served as one with a secret key is', async () => {
    const token = await shop.tokenize();
    const body = { amount: 1999, currency: 'EUR', token };
    const paid = await send(
      shop,
      signCall(shop, signer, { method: 'POST', path: '/v1/payments', body }),
    );
    assert.equal(paid.body.status, 'succeeded', paid.text);
    const read = { method: 'GET', path: `/v1/payments/${paid.body.id}` };
    assert.equal((await send(shop, signCall(shop, signer, read))).body.amount, 1999);
    const control = await shop.connect('control');
    const { rows } = await control.query(
      "SELECT actor_id FROM audit_log WHERE action = 'payment.create' AND object_id = $1",
      [paid.body.id],
    );
    await control.end();
    assert.deepEqual(rows, [{ actor_id: signer.id }]);
  });

  it('is made by the SDK with one option', async () => {
    const privateKey = signer.pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const caFile = join(shop.cluster.certificates, 'ca.pem');
    const signingKey = { id: signer.id, privateKey };
    const payos = new PayOS({ signingKey, baseUrl: shop.api.origin, caFile });
    const idempotencyKey = randomBytes(8).toString('hex');
    const params = { reference: `sdk ${idempotencyKey}`, metadata: { name: 'Grüße & "Küsse"' } };
    const customer = await payos.customers.create(params, { idempotencyKey });
    const again = await payos.customers.create(params, { idempotencyKey });
    assert.equal(again.id, customer.id);
    assert.equal(again.lastResponse.idempotencyReplayed, true);
    const found = await payos.customers.list({ reference: params.reference });
    assert.deepEqual(
      found.data.map(({ id }) => id),
      [customer.id],
    );
  });

  it('is made with openssl and curl by the example of the guide', async () => {
    const pem = join(shop.directory, 'signing-key.pem');
    const key = signer.pair.privateKey.export({ format: 'pem', type: 'pkcs8' });
    writeFileSync(pem, key, { mode: 0o600 });
    const script = join(import.meta.dirname, '../../docs/examples/signed-request.sh');
    const env = {
      PATH: process.env['PATH'] ?? '',
      CURL_CA_BUNDLE: join(shop.cluster.certificates, 'ca.pem'),
    };
    const run = async (...args: string[]) => {
      const { stdout } = await promisify(execFile)('sh', [script, signer.id, pem, ...args], {
        env,
      });
      return JSON.parse(stdout);
    };
    const url = `${shop.api.origin}/v1/customers`;
    const customer = await run('POST', url, '{"reference":"with curl"}');
    assert.match(customer.id, /^cus_/);
    const found = await run('GET', `${url}?reference=with%20curl`);
    assert.equal(found.data[0].id, customer.id);
  });
});

describe('a signature', () => {
  it('is good for one request', async () => {
    const before = await countCustomers();
    const call = signCall(shop, signer, newCustomer());
    assert.equal((await send(shop, call)).status, 201);
    assert.equal(code(await send(shop, call)), '401 signature_replayed');
    const other = signCall(shop, signer, newCustomer());
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(shop, other)));
    const codes = answers.map(code).sort();
    assert.deepEqual(codes, ['201', ...Array(11).fill('401 signature_replayed')]);
    assert.equal(await countCustomers(), before + 2);
  });

  it('is good for one request, whichever process it comes to', async () => {
    const { environment } = shop.processes.server;
    const [port, internal] = await freePorts(2);
    const more = {
      PAYOS_PORT: String(port),
      PAYOS_INTERNAL_PORT: String(internal),
      PAYOS_PUBLIC_URL: shop.api.origin,
      PAYOS_OPERATOR_SOCKET: join(shop.directory, 'second.sock'),
    };
    const log = join(shop.directory, 'server-2.log');
    const second = new TestProcess('server', { ...environment, ...more }, log);
    await second.start();
    try {
      const there = new ApiClient(`https://localhost:${port}`, shop.ca);
      const host = new URL(shop.api.origin).host;
      const sendThere = ({ method, path, headers }: SignedCall) =>
        there.call(method, path, { headers: { ...headers, host } });
      for (const [first, then] of [
        [(call: SignedCall) => send(shop, call), sendThere],
        [sendThere, (call: SignedCall) => send(shop, call)],
      ] as const) {
        const call = signCall(shop, signer, list);
        assert.equal((await first(call)).status, 200);
        assert.equal(code(await then(call)), '401 signature_replayed');
      }
    } finally {
      await second.stop();
    }
  });

  it('does not hold for anything that was altered on the way', async () => {
    const before = await countCustomers();
    const fresh = () => signCall(shop, signer, newCustomer());
    const altered: [string, (call: SignedCall) => SignedCall][] = [
      ['body', (call) => ({ ...call, raw: '{"reference":"mallory"}' })],
      ['body taken away', (call) => ({ ...call, raw: undefined })],
      ['body by a blank', (call) => ({ ...call, raw: `${call.raw} ` })],
      ['path', (call) => ({ ...call, path: '/v1/refunds' })],
      ['query', (call) => ({ ...call, path: '/v1/customers?a=1' })],
      ['method', (call) => ({ ...call, method: 'PATCH' })],
    ];
    for (const [name, value] of [
      ['idempotency-key', 'other'],
      ['payos-version', '2026-11-23'],
      ['payos-mode', 'test'],
      ['content-type', 'application/json; charset=utf-8'],
      ['content-digest', 'sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:'],
    ] as const) {
      altered.push([name, (call) => ({ ...call, headers: { ...call.headers, [name]: value } })]);
    }
    for (const [what, alter] of altered) {
      const answer = await send(shop, alter(fresh()));
      const expected = what === 'path' || what === 'method' ? /^(401|404|405)/ : /^401 invalid_sig/;
      assert.match(code(answer), expected, `${what}: ${answer.text}`);
    }
    assert.equal(await countCustomers(), before);
  });

  it('of a request without a body does not let one in', async () => {
    const call = signCall(shop, signer, { method: 'POST', path: '/v1/customers' });
    const headers = { ...call.headers, 'content-type': 'application/json' };
    const withType = () => {
      const headers = { 'content-type': 'application/json' };
      return signCall(shop, signer, { method: 'POST', path: '/v1/customers', headers });
    };
    for (const smuggled of [
      { ...call, headers, raw: '{"reference":"mallory"}' },
      { ...withType(), raw: '{"reference":"mallory"}' },
    ]) {
      assert.equal(code(await send(shop, smuggled)), invalid);
    }
    assert.equal((await send(shop, withType())).status, 201);
  });

  it('with a digest wants the body, also where nothing says that there is one', async () => {
    const digest = createHash('sha256').update('{"reference":"ada"}').digest('base64');
    const headers = { 'content-digest': `sha-256=:${digest}:` };
    const call = signCall(shop, signer, { method: 'POST', path: '/v1/customers', headers });
    const answer = await send(shop, call);
    assert.equal(code(answer), invalid);
    assert.match(answer.body.detail, /The body is not the one/);
  });

  it('for another installation does not hold here', async () => {
    const origin = 'https://pay.other.example';
    const answer = await send(shop, signCall(shop, signer, list, { origin }));
    assert.deepEqual([code(answer), answer.body.detail], [invalid, vague]);
    const site = { origin: shop.api.origin, ca: shop.ca };
    for (const signedFor of [origin, shop.api.origin]) {
      const { headers, method, path } = signCall(shop, signer, list, { origin: signedFor });
      const host = { ...headers, host: 'pay.other.example' };
      const { status, body } = await ask(site, method, path, host);
      assert.equal(status, 401);
      assert.match(JSON.parse(body.toString()).detail, /for another host/);
    }
  });

  it('is of its minute, by the clock of the database', async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const created of [now - 75, now + 75]) {
      const answer = await send(shop, signCall(shop, signer, list, { created }));
      assert.equal(code(answer), invalid);
      assert.match(answer.body.detail, /at most 60 seconds from now/);
    }
    for (const created of [now - 50, now + 50]) {
      const answer = await send(shop, signCall(shop, signer, list, { created }));
      assert.equal(answer.status, 200, answer.text);
    }
  });

  it('beside a secret key is refused', async () => {
    const call = signCall(shop, signer, list);
    const headers = { ...call.headers, authorization: `Bearer ${shop.secret}` };
    const answer = await send(shop, { ...call, headers });
    assert.equal(code(answer), invalid);
    assert.match(answer.body.detail, /not both/);
    const { signature = '' } = call.headers;
    const alone = await send(shop, { ...call, headers: { signature } });
    assert.match(alone.body.detail, /one Signature-Input header/);
  });
});

describe('what a signing key may not do', () => {
  const listWith = (key: Signer, other = {}) => send(shop, signCall(shop, key, list, other));
  const set = (id: string, body: object) =>
    shop.operator.call('PATCH', `/operator/api_keys/${id}`, body);
  const act = (id: string, verb: string) =>
    shop.operator.call('POST', `/operator/api_keys/${id}/${verb}`, {});

  const ends: [string, string, (id: string) => Promise<unknown>][] = [
    ['revoked', '401 revoked_api_key', (id) => act(id, 'revoke')],
    ['switched off', '401 disabled_api_key', (id) => act(id, 'disable')],
    [
      'bound to other addresses',
      '403 ip_not_allowed',
      (id) => set(id, { ip_ranges: ['192.0.2.0/24'] }),
    ],
    ['narrowed', '403 permission_denied', (id) => set(id, { permissions: ['payments:read'] })],
  ];
  for (const [what, expected, act] of ends) {
    it(`is said to its holder when it is ${what}, and to nobody else`, async () => {
      const key = await register(shop);
      assert.equal((await listWith(key)).status, 200);
      await act(key.id);
      const strip = ({ status, body }: Answer) => ({ status, ...body, request_id: '' });
      assert.equal(code(await listWith(key)), expected);
      const stranger = strip(await listWith(key, { pair: newPair() }));
      const unknown = strip(await listWith(key, { keyid: `key_${'2'.repeat(22)}` }));
      const nobody = strip(await listWith(key, { keyid: `key_${'1'.repeat(22)}` }));
      const secretKey = strip(await listWith(key, { keyid: shop.secretId }));
      assert.equal(`${stranger.status} ${stranger.code}`, invalid);
      for (const other of [unknown, nobody, secretKey]) assert.deepEqual(other, stranger);
    });
  }

  it('is what is for people alone', async () => {
    const answer = await send(shop, signCall(shop, signer, { method: 'GET', path: '/v1/account' }));
    assert.equal(code(answer), '403 people_only');
  });

  it('is to make tokens: the vault takes no signatures', async () => {
    const card = { number: '4242424242424242', exp_month: 12, exp_year: 2031 };
    const asked = { method: 'POST', path: '/v1/tokens', body: { type: 'card', card } };
    const { headers, raw = '' } = signCall(shop, signer, asked, { origin: shop.vault.origin });
    const answer = await shop.vault.call('POST', '/v1/tokens', { headers, raw });
    assert.equal(code(answer), '401 missing_api_key');
  });

  it('is to ask more often than it may, and the signature is not used up by it', async () => {
    const key = await register(shop, { rate_limit: 1 });
    assert.equal((await listWith(key)).status, 200);
    const call = signCall(shop, key, list);
    assert.equal(code(await send(shop, call)), '429 rate_limited');
    await limitsToRest();
    assert.equal((await send(shop, call)).status, 200);
  });
});

describe('who guesses signatures', () => {
  it('is slowed down, and holds up nobody else', async () => {
    const [victim, other] = [await register(shop), await register(shop)];
    // Known here from now on: look-ups are limited by themselves.
    for (const key of [victim, other]) await send(shop, signCall(shop, key, list));
    const both = Array.from({ length: addressRate * 3 }, () => [
      send(shop, signCall(shop, victim, list, { pair: newPair() })),
      send(shop, signCall(shop, other, list)),
    ]);
    const answers = await Promise.all(both.map((pair) => Promise.all(pair)));
    const codes = answers.map(([guess]) => guess && code(guess));
    assert.ok(codes.includes('429 rate_limited'));
    assert.deepEqual(new Set(codes), new Set([invalid, '429 rate_limited']));
    for (const [, answer] of answers) assert.equal(answer?.status, 200);
    // Whichever limit it was, the key's or the address's.
    const texts = answers.map(([guess]) => guess?.body.detail.replace(/\d+ s/, ''));
    assert.equal(new Set(texts).size, 2);
    await limitsToRest();
  });
});

describe('who looks for ids of keys', () => {
  it('learns nothing from limits either', async () => {
    const victim = await register(shop);
    assert.equal((await send(shop, signCall(shop, victim, list))).status, 200);
    const guess = (keyid: string) =>
      send(shop, signCall(shop, victim, list, { keyid, pair: newPair() }));
    const unknown = Array.from({ length: addressRate * 10 }, () => guess(newId('apiKey')));
    // Fewer than a key may be guessed at by itself.
    const known = Array.from({ length: addressRate - 10 }, () => guess(victim.id));
    const [some, others] = await Promise.all([Promise.all(unknown), Promise.all(known)]);
    assert.deepEqual(new Set(some.map(code)), new Set([invalid, '429 rate_limited']));
    assert.ok(others.map(code).includes('429 rate_limited'));
    const texts = [...some, ...others].map(({ body }) => body.detail.replace(/\d+ s/, ''));
    assert.equal(new Set(texts).size, 2);
    assert.equal((await send(shop, signCall(shop, victim, list))).status, 200);
    await limitsToRest();
  });
});

describe('a key pair', () => {
  const rolling = ['customers:read', 'keys:roll_self'];
  const refused = (more: object, why: RegExp) =>
    assert.rejects(register(shop, more), (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, why);
      return true;
    });

  it('belongs to one API key, for good', async () => {
    const key = await register(shop);
    const public_key = base64Of(key.pair);
    await refused({ public_key }, /has, or had, this public key/);
    await refused({ public_key, mode: 'live' }, /has, or had, this public key/);
    await shop.operator.revoke(key.id);
    await refused({ public_key }, /has, or had, this public key/);
  });

  it('is succeeded by another when its key is rotated, by people', async () => {
    const [old, next] = [await register(shop, { permissions: rolling }), newPair()];
    const rotate = (body: object) =>
      shop.operator.call('POST', `/operator/api_keys/${old.id}/rotate`, body);
    await assert.rejects(rotate({}), /registered with its public key/);
    await assert.rejects(rotate({ public_key: base64Of(old.pair) }), /has, or had, this/);
    const roll = await send(
      shop,
      signCall(shop, old, { method: 'POST', path: '/v1/api_keys/roll' }),
    );
    assert.equal(code(roll), '409 key_state');
    const rotated = await rotate({ public_key: base64Of(next), overlap_seconds: 3600 });
    const { successor } = rotated as { successor: { id: string; key: null } };
    assert.equal(successor.key, null);
    for (const key of [old, { id: successor.id, pair: next }]) {
      assert.equal((await send(shop, signCall(shop, key, list))).status, 200);
    }
    const mixed = await send(shop, signCall(shop, { id: successor.id, pair: old.pair }, list));
    assert.equal(code(mixed), invalid);
    await shop.operator.call('POST', `/operator/api_keys/${old.id}/finish_rotation`, {});
    assert.equal(code(await send(shop, signCall(shop, old, list))), '401 expired_api_key');
  });

  it('is registered by its public half, and nothing secret is made', async () => {
    const { privateKey } = newPair();
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    await refused({ public_key: pem }, /is a private key/);
    await refused({ public_key: undefined }, /registered with its public key/);
    await refused({ kind: 'secret' }, /A secret key has no public_key/);
    const created = await shop.operator.call('POST', '/operator/api_keys', {
      organization: shop.organization,
      mode: 'test',
      name: 'signing',
      kind: 'signing',
      public_key: base64Of(newPair()),
    });
    assert.equal(created['key'], null);
    assert.match(String(created['hint']), /^[A-Za-z0-9+/]{10}…[A-Za-z0-9+/]{4}=$/);
    const control = await shop.connect('control');
    const { rows } = await control.query('SELECT * FROM api_keys WHERE id = $1', [created['id']]);
    await control.end();
    assert.deepEqual([rows[0].lookup_id, rows[0].secret_hash], [null, null]);
  });
});
