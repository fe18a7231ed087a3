import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect as connectPlain } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { bodyMax } from './read-body.ts';
import { chargeBody, charged, operationBody } from './testing/charges.ts';
import type { Client } from './testing/client.ts';
import {
  createHome,
  end,
  endLeftovers,
  type Home,
  type Running,
  secret,
  start,
} from './testing/simulator.ts';

const good = '4242424242424242';
let home: Home;
let running: Running;
let client: Client;

before(async () => {
  home = await createHome();
  running = await start(home);
  client = running.client;
});
after(async () => {
  const { body } = await client.get('/v1/charges');
  await end(running);
  home.remove();
  assert.deepEqual(body.data, [], 'a refusal recorded something');
});
after(endLeftovers);

const paths: [string, string][] = [
  ['POST', '/v1/charges'],
  ['POST', '/v1/charges/ch_x/capture'],
  ['POST', '/v1/charges/ch_x/void'],
  ['POST', '/v1/charges/ch_x/refunds'],
  ['GET', '/v1/charges'],
  ['GET', '/v1/operations/x'],
  ['GET', '/v1/faults'],
  ['PUT', '/v1/faults'],
  ['GET', '/nothing/here'],
];

describe('the secret', () => {
  const wrong = ['', 'Bearer', 'Bearer ', `Basic ${secret}`, `Bearer ${secret}x`, secret];
  for (const [method, path] of paths) {
    it(`is needed for ${method} ${path}`, async () => {
      for (const authorization of [...wrong, `Bearer ${secret.slice(0, -1)}`]) {
        const body = method === 'GET' ? undefined : chargeBody(good);
        const reply = await client.call(path, { method, body, headers: { authorization } });
        assert.equal(reply.status, 401, authorization);
        assert.deepEqual(reply.body, { error: 'unauthorized' });
      }
    });
  }

  it('is not needed for /livez', async () => {
    const { status, body } = await client.call('/livez', { headers: { authorization: '' } });
    assert.equal(status, 200);
    assert.equal(body.status, 'ok');
  });
});

describe('refused bodies', () => {
  const withCard = (card: object) => ({ ...chargeBody(good), card: cardOf(card) });
  const cardOf = (card: object) => ({ number: good, exp_month: 12, exp_year: 2040, ...card });
  const cases: [string, unknown, string][] = [
    ['not an object', [], ''],
    ['nothing in it', {}, ''],
    ['an unknown member', { ...chargeBody(good), more: 1 }, ''],
    ['amount as text', { ...chargeBody(good), amount: '1999' }, '/amount'],
    ['amount zero', { ...chargeBody(good), amount: 0 }, '/amount'],
    ['amount with a fraction', { ...chargeBody(good), amount: 1.5 }, '/amount'],
    ['amount beyond all', { ...chargeBody(good), amount: 1e15 }, '/amount'],
    ['unknown currency', { ...chargeBody(good), currency: 'QQQ' }, '/currency'],
    ['long currency', { ...chargeBody(good), currency: 'EURO' }, '/currency'],
    ['capture as text', { ...chargeBody(good), capture: 'true' }, '/capture'],
    ['nobody initiated', { ...chargeBody(good), initiated_by: 'me' }, '/initiated_by'],
    ['empty key', { ...chargeBody(good), idempotency_key: '' }, '/idempotency_key'],
    ['long key', { ...chargeBody(good), idempotency_key: 'k'.repeat(256) }, '/idempotency_key'],
    ['wrong check digit', withCard({ number: '4242424242424241' }), '/card/number'],
    ['number with spaces', withCard({ number: '4242 4242 4242 4242' }), '/card/number'],
    ['number as number', withCard({ number: 4242424242424242 }), '/card/number'],
    ['short number', withCard({ number: '42424242426' }), '/card/number'],
    ['month 13', withCard({ exp_month: 13 }), '/card/exp_month'],
    ['month "00"', withCard({ exp_month: '00' }), '/card/exp_month'],
    ['year "20400"', withCard({ exp_year: '20400' }), '/card/exp_year'],
    ['code of letters', withCard({ code: 'abc' }), '/card/code'],
    ['card as text', { ...chargeBody(good), card: good }, '/card'],
  ];
  for (const [name, body, pointer] of cases) {
    it(name, async () => {
      const reply = await client.post('/v1/charges', body);
      assert.equal(reply.status, 400);
      assert.deepEqual(reply.body, { error: 'invalid_request', pointer });
    });
  }

  const raw: [string, string | Buffer, string][] = [
    ['no body', '', 'malformed_json'],
    ['broken JSON', '{"amount":', 'malformed_json'],
    ['a key twice', '{"amount":1,"amount":2}', 'duplicate_key'],
    ['deep nesting', '['.repeat(40) + ']'.repeat(40), 'too_deeply_nested'],
    ['a NUL character', '{"reference":"\\u0000"}', 'invalid_text'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'invalid_text'],
  ];
  for (const [name, text, error] of raw) {
    it(name, async () => {
      const reply = await client.call('/v1/charges', { method: 'POST', raw: text });
      assert.equal(reply.status, 400);
      assert.deepEqual(reply.body, { error });
    });
  }

  it('above 64 KiB, announced or not', async () => {
    const large = { ...chargeBody(good), reference: 'x'.repeat(bodyMax) };
    const reply = await client.post('/v1/charges', large);
    assert.equal(reply.status, 413);
    assert.deepEqual(reply.body, { error: 'body_too_large' });
  });

  it('far above 64 KiB', async () => {
    const endless = client.call('/v1/charges', { method: 'POST', raw: randomBytes(8_000_000) });
    const outcome = await endless.then(
      (reply) => reply.status,
      (error: NodeJS.ErrnoException) => error.code,
    );
    assert.ok([413, 'EPIPE', 'ECONNRESET'].includes(outcome ?? ''), String(outcome));
    assert.equal((await client.get('/livez')).status, 200);
  });

  it('operations without amount, or with one where there is none', async () => {
    const { amount, ...keyOnly } = operationBody(5);
    for (const path of ['capture', 'refunds']) {
      assert.equal((await client.post(`/v1/charges/ch_x/${path}`, keyOnly)).status, 400);
    }
    const both = { ...keyOnly, amount };
    assert.equal((await client.post('/v1/charges/ch_x/void', both)).status, 400);
  });
});

describe('accepted forms', () => {
  let other: Running;
  let otherHome: Home;
  before(async () => {
    otherHome = await createHome();
    other = await start(otherHome);
  });
  after(async () => {
    await end(other);
    otherHome.remove();
  });

  it('takes expiry as text, as the vault fills it in, and a lower-case currency', async () => {
    const card = { exp_month: '07', exp_year: '2041', name: 'Ada Lovelace' };
    const body = chargeBody(good, { currency: 'jpy', reference: 'order 7' }, card);
    const reply = await other.client.post('/v1/charges', body);
    assert.equal(reply.status, 200);
    assert.equal(Reflect.get(reply.body, 'currency'), 'JPY');
    assert.ok(!JSON.stringify(reply.body).includes('4242'));
  });

  it('takes any idempotency key, percent-encoded in the status query', async () => {
    const key = 'a/b c?d%e#ü';
    await charged(other.client, good, { idempotency_key: key });
    const reply = await other.client.get(`/v1/operations/${encodeURIComponent(key)}`);
    assert.equal(reply.body.charge.idempotency_key, key);
  });
});

describe('paths and methods', () => {
  it('answers 404 where there is nothing', async () => {
    for (const path of ['/', '/v1', '/v1/charges/', '/v1/charges/ch_x', '/v1/operations/%ff']) {
      const reply = await client.get(path);
      assert.equal(reply.status, 404, path);
      assert.deepEqual(reply.body, { error: 'not_found' });
    }
    const unknown = await client.get('/v1/operations/att_nothing');
    assert.equal(unknown.status, 404);
    assert.deepEqual(unknown.body, { found: false });
    const charge = await client.post('/v1/charges/ch_x/refunds', operationBody(5));
    assert.equal(charge.status, 404);
    assert.deepEqual(charge.body, { error: 'not_found' });
  });

  it('answers 405 with the methods there are', async () => {
    for (const [method, path, allow] of [
      ['DELETE', '/v1/charges', 'POST, GET'],
      ['GET', '/v1/charges/ch_x/void', 'POST'],
      ['POST', '/v1/faults', 'GET, PUT'],
      ['POST', '/livez', 'GET'],
    ] as const) {
      const reply = await client.call(path, { method });
      assert.equal(reply.status, 405, path);
      assert.equal(reply.headers.allow, allow);
    }
  });
});

describe('transport', () => {
  it('does not speak plain HTTP', async () => {
    const plain = request({ host: '127.0.0.1', port: running.port, path: '/livez' });
    plain.end();
    await assert.rejects(once(plain, 'response'));
  });

  it('does not speak TLS below 1.2', async () => {
    const options = { host: '127.0.0.1', port: running.port, ca: home.ca, servername: 'localhost' };
    const modern = connect({ ...options, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
    await once(modern, 'secureConnect');
    modern.destroy();
    const ciphers = 'ALL:@SECLEVEL=0';
    const old = connect({ ...options, ciphers, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
    await assert.rejects(once(old, 'secureConnect'));
  });

  it('survives callers that go away in the middle', async () => {
    const socket = connect({ host: '127.0.0.1', port: running.port, ca: home.ca });
    await once(socket, 'secureConnect');
    const head = `POST /v1/charges HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${secret}\r\n`;
    socket.write(`${head}content-length: 100\r\n\r\n{"amount"`);
    socket.destroy();
    const noise = connectPlain({ host: '127.0.0.1', port: running.port });
    noise.end(randomBytes(500));
    await once(noise.resume(), 'close');
    assert.equal((await client.get('/livez')).status, 200);
  });
});
