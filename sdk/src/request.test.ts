import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { setDefaultCACertificates } from 'node:tls';
import { testCertificate } from '../test/certificates.ts';
import { type Answer, problem, startServer, type TestServer } from '../test/server.ts';
import { PayOS } from './client.ts';
import type { PayOSOptions } from './config.ts';
import { readCredential } from './credential.ts';
import {
  APIError,
  CardError,
  ConnectionError,
  IdempotencyError,
  PayOSError,
  RateLimitError,
  TimeoutError,
} from './errors.ts';
import { type Call, sendCall } from './request.ts';
import { httpsTransport } from './transport/https.ts';

const testKey = `payos_sk_test_${'A1b2'.repeat(12)}zz`;
const servers: TestServer[] = [];
/** Node keeps the trusted certificates of its first `fetch`, so all these tests share one. */
const trusted = await testCertificate();
setDefaultCACertificates([trusted.cert]);

after(() => trusted.remove());
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function setUp(answers: Answer[], options: PayOSOptions = {}) {
  const server = await startServer(answers);
  servers.push(server);
  const { url, caFile } = server;
  const payos = new PayOS({ secretKey: testKey, baseUrl: url, vaultUrl: url, caFile, ...options });
  return { server, payos };
}

const soon = { 'retry-after': '0' };
const busy = { ...(problem('unavailable', 503, { retryable: true }) as object), headers: soon };
const payment = { amount: 1999, currency: 'EUR', token: 'tok_1' };

/** Sends one call with a clock that only writes down how long it was asked to wait. */
async function sendWithRecordedWaits(answers: Answer[], call: Partial<Call>, ca?: string) {
  const server = await startServer(answers);
  servers.push(server);
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    waits.push(ms);
  };
  const credential = readCredential({ secretKey: testKey });
  const config = { credential, maxRetries: 3, transport: httpsTransport(ca ?? server.caFile) };
  const url = new URL('/v1/payments', server.url);
  const whole: Call = { method: 'GET', url, timeoutMs: 5000, apiVersion: '2026-11-23', ...call };
  const result = sendCall(config, { sleep, fraction: () => 0.5 }, whole);
  const outcome = await result.then(
    (value) => value,
    (error: unknown) => error,
  );
  return { outcome, waits, requests: server.requests };
}

test('a POST carries key, version and JSON, and its result the request id', async () => {
  const id = { 'payos-request-id': 'req_abc', 'idempotency-replayed': 'true' };
  const { server, payos } = await setUp([{ status: 201, headers: id, body: { id: 'pay_1' } }]);
  const result = await payos.payments.create(payment);
  const [request] = server.requests;
  assert.equal(request?.method, 'POST');
  assert.equal(request?.url, '/v1/payments');
  assert.equal(request?.headers.authorization, `Bearer ${testKey}`);
  assert.equal(request?.headers['payos-version'], '2026-11-23');
  assert.equal(request?.headers['content-type'], 'application/json');
  assert.match(String(request?.headers['idempotency-key']), /^[0-9a-f-]{36}$/);
  assert.deepEqual(JSON.parse(request?.body ?? ''), payment);
  assert.deepEqual(result.lastResponse, {
    status: 201,
    requestId: 'req_abc',
    idempotencyReplayed: true,
    attempts: 1,
  });
  assert.deepEqual(Object.keys(result), ['id']);
});

test('fetch, the default way to send, does the same', async () => {
  const server = await startServer([busy, { status: 201, body: { id: 'pay_1' } }], trusted);
  servers.push(server);
  const payos = new PayOS({ secretKey: testKey, baseUrl: server.url });
  const result = await payos.payments.create(payment, { idempotencyKey: 'order-17' });
  assert.equal(result.lastResponse.attempts, 2);
  const keys = server.requests.map((request) => request.headers['idempotency-key']);
  assert.deepEqual(keys, ['order-17', 'order-17']);
});

test('retries of a POST keep its idempotency key, other POSTs have another', async () => {
  const { server, payos } = await setUp(['drop', busy, { body: { id: 'pay_1' } }]);
  const result = await payos.payments.create(payment);
  assert.equal(result.lastResponse.attempts, 3);
  await payos.payments.create(payment);
  const keys = server.requests.map((request) => request.headers['idempotency-key']);
  assert.equal(keys.length, 4);
  assert.equal(new Set(keys.slice(0, 3)).size, 1);
  assert.notEqual(keys[3], keys[0]);
});

test('backoff doubles, is spread by chance, and gives way to Retry-After up to 60 s', async () => {
  const slow = (seconds: string): Answer => ({
    ...(problem('rate_limited', 429, { retryable: true }) as object),
    headers: { 'retry-after': seconds },
  });
  const plain = problem('unavailable', 503, { retryable: true });
  const backoff = await sendWithRecordedWaits([plain, plain, plain, {}], {});
  assert.deepEqual(backoff.waits, [250, 500, 1000]);
  const asked = await sendWithRecordedWaits([slow('7'), slow('3600'), slow('0'), {}], {});
  assert.deepEqual(asked.waits, [7000, 60_000, 0]);
  const past = slow('Wed, 21 Oct 2015 07:28:00 GMT');
  assert.deepEqual((await sendWithRecordedWaits([past, {}], {})).waits, [0]);
});

test('what is tried again and what is not', async () => {
  const again = { retryable: true };
  const named = { ...again, payment: 'pay_1' };
  const stored = problem('unavailable', 503, again) as object;
  const replayed: Answer = { ...stored, headers: { 'idempotency-replayed': 'true' } };
  const proxy = (status: number): Answer => ({ status, raw: '<html>' });
  const post = { method: 'POST', body: {}, idempotencyKey: 'k' } as const;
  const patch = { method: 'PATCH', body: {} } as const;
  const remove = { method: 'DELETE' } as const;
  const cases: [string, Answer, Partial<Call>, number][] = [
    ['408', problem('request_timeout', 408, again), post, 2],
    ['409 in flight', problem('idempotency_conflict', 409, again), post, 2],
    ['409 busy', problem('payment_busy', 409, again), post, 1],
    ['409 state', problem('payment_state', 409), post, 1],
    ['429', problem('rate_limited', 429, again), post, 2],
    ['500', problem('internal_error', 500, again), post, 2],
    ['500 said to be final', problem('internal_error', 500), post, 1],
    ['502 that wants a new key', problem('processor_error', 502, again), post, 1],
    ['502 of a proxy', proxy(502), post, 2],
    ['504 of a proxy', proxy(504), {}, 2],
    ['503', problem('vault_unavailable', 503, again), post, 2],
    ['503 that names a payment', problem('vault_unavailable', 503, named), post, 1],
    ['503 from the memory of the key', replayed, post, 1],
    ['400', problem('invalid_request', 400), post, 1],
    ['402', problem('card_declined', 402), post, 1],
    ['DELETE and 503', problem('unavailable', 503, again), remove, 2],
    ['DELETE and 500', problem('internal_error', 500, again), remove, 1],
    ['DELETE and a 503 of a proxy', proxy(503), remove, 1],
    ['PATCH and 429', problem('rate_limited', 429, again), patch, 2],
    ['GET and a lost connection', 'drop', {}, 2],
    ['POST and a lost connection', 'drop', post, 2],
    ['DELETE and a lost connection', 'drop', remove, 1],
    ['PATCH and a lost connection', 'drop', patch, 1],
  ];
  for (const [name, first, call, expected] of cases) {
    const { requests } = await sendWithRecordedWaits([first, {}], call);
    assert.equal(requests.length, expected, name);
  }
});

test('a connection that was refused is tried again even for a DELETE', async () => {
  const server = await startServer([{}]);
  const transport = httpsTransport(server.caFile);
  await server.close();
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    waits.push(ms);
  };
  const config = { credential: readCredential({ secretKey: testKey }), maxRetries: 2, transport };
  const call: Call = {
    method: 'DELETE',
    url: new URL(server.url),
    timeoutMs: 5000,
    apiVersion: '2026-11-23',
  };
  await assert.rejects(sendCall(config, { sleep, fraction: () => 1 }, call), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.code, 'connection_failed');
    assert.match(error.message, /Check the URL and that PayOS is running/);
    return true;
  });
  assert.equal(waits.length, 2);
});

test('errors are typed, say what to do, and give up after maxRetries', async () => {
  const declined = problem('card_declined', 402, {
    decline_code: 'insufficient_funds',
    payment: 'pay_9',
  });
  const { payos } = await setUp([declined]);
  await assert.rejects(payos.payments.create(payment), (error) => {
    assert.ok(error instanceof CardError);
    assert.equal(error.decline_code, 'insufficient_funds');
    assert.equal(error.payment, 'pay_9');
    assert.equal(error.requestId, 'req_1');
    const expected = 'Title of card_declined. Decline code: insufficient_funds. Do it.';
    assert.equal(error.message, `${expected} [card_declined, request_id req_1]`);
    return true;
  });
  const limited = { ...(problem('rate_limited', 429, { retryable: true }) as object) };
  const second = await setUp([{ ...limited, headers: soon }], { maxRetries: 2 });
  await assert.rejects(second.payos.payments.create(payment), (error) => {
    assert.ok(error instanceof RateLimitError);
    assert.equal(error.retryAfter, 0);
    return true;
  });
  assert.equal(second.server.requests.length, 3);
});

test('every kind of answer becomes its error class', async () => {
  const cases: [Answer, string, string][] = [
    [problem('invalid_api_key', 401), 'AuthenticationError', 'invalid_api_key'],
    [problem('permission_denied', 403), 'PermissionError', 'permission_denied'],
    [problem('not_found', 404), 'NotFoundError', 'not_found'],
    [problem('invalid_request', 400), 'InvalidRequestError', 'invalid_request'],
    [problem('payment_state', 409), 'InvalidRequestError', 'payment_state'],
    [problem('card_expired', 422), 'CardError', 'card_expired'],
    [problem('idempotency_mismatch', 422), 'IdempotencyError', 'idempotency_mismatch'],
    [problem('idempotency_key_required', 400), 'IdempotencyError', 'idempotency_key_required'],
    [problem('processor_error', 502, { retryable: true }), 'APIError', 'processor_error'],
    [problem('toString', 418), 'InvalidRequestError', 'toString'],
    [{ status: 302, headers: { location: '/' } }, 'APIError', 'unexpected_response'],
    [{ status: 404, raw: '<html>' }, 'NotFoundError', 'unexpected_response'],
    [{ status: 200, raw: '<html>' }, 'APIError', 'unexpected_response'],
    [{ status: 200, raw: 'null' }, 'APIError', 'unexpected_response'],
  ];
  for (const [answer, name, code] of cases) {
    const { payos } = await setUp([answer], { maxRetries: 0 });
    await assert.rejects(payos.payments.retrieve('pay_1'), (error) => {
      assert.ok(error instanceof PayOSError);
      assert.equal(error.name, name, code);
      assert.equal(error.code, code);
      return true;
    });
  }
});

test('refused fields are named in the message', async () => {
  const errors = [{ pointer: '/amount', code: 'minimum', message: 'must be >= 1', fix: '' }];
  const detail = 'must be >= 1';
  const { payos } = await setUp([problem('invalid_request', 400, { errors, detail })]);
  await assert.rejects(payos.payments.create(payment), {
    message:
      'Title of invalid_request. /amount: must be >= 1 Do it. [invalid_request, request_id req_1]',
  });
});

test('a redirect is never followed, however it is sent', async () => {
  const other = await startServer([{}], trusted);
  const answer = { status: 307, headers: { location: `${other.url}/v1/payments` } };
  const server = await startServer([answer], trusted);
  servers.push(other, server);
  for (const caFile of [trusted.caFile, undefined]) {
    const payos = new PayOS({ secretKey: testKey, baseUrl: server.url, caFile });
    await assert.rejects(payos.payments.create(payment), /never followed/);
  }
  assert.equal(server.requests.length, 2);
  assert.equal(other.requests.length, 0);
});

test('no answer in time is a TimeoutError, after the retries with the same key', async () => {
  const { server, payos } = await setUp(['hang'], { timeoutMs: 200, maxRetries: 1 });
  let shown: string | undefined;
  await assert.rejects(payos.payments.create(payment), (error) => {
    assert.ok(error instanceof TimeoutError);
    shown = error.idempotencyKey;
    return true;
  });
  const keys = server.requests.map((request) => request.headers['idempotency-key']);
  assert.deepEqual(keys, [shown, shown]);
});

test('an abort stops the request and the waiting, with the reason of the caller', async () => {
  const { server, payos } = await setUp(['hang']);
  const reason = new Error('the customer left');
  const controller = new AbortController();
  const started = payos.payments.create(payment, { signal: controller.signal });
  const waiting = assert.rejects(started, (error) => error === reason);
  while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  controller.abort(reason);
  await waiting;
  const long = { ...(busy as object), headers: { 'retry-after': '60' } };
  const second = await setUp([long]);
  const again = new AbortController();
  const asleep = second.payos.payments.create(payment, { signal: again.signal });
  const stopped = assert.rejects(asleep, (error) => error === reason);
  while (second.server.requests.length === 0) await new Promise((r) => setImmediate(r));
  again.abort(reason);
  await stopped;
});

test('a certificate nobody vouches for is refused, once, and the message helps', async () => {
  const other = await startServer([{}]);
  servers.push(other);
  const { server, payos } = await setUp([{}], { caFile: other.caFile });
  await assert.rejects(payos.payments.create(payment), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.code, 'certificate_refused');
    assert.match(error.message, /caFile.*NODE_EXTRA_CA_CERTS/);
    return true;
  });
  assert.equal(server.requests.length, 0);
  const again = await sendWithRecordedWaits([{}], {}, other.caFile);
  assert.ok(again.outcome instanceof ConnectionError);
  assert.deepEqual(again.waits, []);
});

test('an answer beyond 16 MiB is cut off', async () => {
  const { payos } = await setUp([{ raw: ' '.repeat(17 * 1024 * 1024) }]);
  await assert.rejects(payos.payments.retrieve('pay_1'), (error) => {
    assert.ok(error instanceof APIError);
    assert.match(error.message, /too large/);
    return true;
  });
});

test('options and ids that cannot be right are refused before anything is sent', async () => {
  const { server, payos } = await setUp([{}]);
  const misspelt = JSON.parse('{"idempotency_key":"x"}');
  await assert.rejects(payos.payments.create(payment, misspelt), /no option "idempotency_key"/);
  const onRead = JSON.parse('{"idempotencyKey":"x"}');
  await assert.rejects(payos.payments.retrieve('pay_1', onRead), /no option "idempotencyKey"/);
  for (const idempotencyKey of ['', 'a b', 'ä', 'x'.repeat(256)]) {
    await assert.rejects(payos.payments.create(payment, { idempotencyKey }), IdempotencyError);
  }
  for (const id of ['', '..', 'a/b', '../refunds', 'pay 1']) {
    await assert.rejects(payos.payments.retrieve(id), /not an id/);
  }
  await assert.rejects(payos.payments.create(payment, { timeoutMs: 0 }), /timeoutMs/);
  assert.equal(server.requests.length, 0);
});
