import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inspect, promisify } from 'node:util';
import { startServer, type TestServer } from '../test/server.ts';
import { PayOS } from './client.ts';
import type { PayOSOptions } from './config.ts';
import { AuthenticationError, InvalidRequestError, PayOSError, PermissionError } from './errors.ts';

const secret = 'A1b2'.repeat(12);
const secretKey = `payos_sk_test_${secret}zz`;
const publishableKey = `payos_pk_live_${secret}zz`;
let server: TestServer;

before(async () => {
  server = await startServer([{ body: { id: 'x_1', data: [], has_more: false, next: null } }]);
});
after(() => server.close());

const connect = (options: PayOSOptions = {}) => {
  const { url, caFile } = server;
  return new PayOS({ secretKey, baseUrl: url, vaultUrl: `${url}/vault/`, caFile, ...options });
};

test('each method sends its method and path', async () => {
  const payos = connect();
  const card = { number: '4242424242424242', exp_month: 12, exp_year: 2034 };
  const url = 'https://example.com/hook';
  const forward = { token: 'tok_1', request: { method: 'POST' as const, url, body: {} } };
  const reason = { code: 'dispute' as const, text: 'Case 17' };
  const reveal = { payment_method: 'pm_1', recipient: 'rvk_1', reason };
  const calls: [() => PromiseLike<unknown>, string][] = [
    [() => payos.tokens.create({ type: 'card', card }), 'POST /vault/v1/tokens'],
    [() => payos.payments.create({ amount: 1, currency: 'EUR' }), 'POST /v1/payments'],
    [() => payos.payments.retrieve('pay_1'), 'GET /v1/payments/pay_1'],
    [
      () => payos.payments.list({ limit: 5, status: 'failed' }),
      'GET /v1/payments?limit=5&status=failed',
    ],
    [() => payos.payments.capture('pay_1', { amount: 5 }), 'POST /v1/payments/pay_1/capture'],
    [() => payos.payments.cancel('pay_1'), 'POST /v1/payments/pay_1/cancel'],
    [() => payos.refunds.create({ payment: 'pay_1' }), 'POST /v1/refunds'],
    [() => payos.refunds.retrieve('re_1'), 'GET /v1/refunds/re_1'],
    [() => payos.refunds.list({ payment: 'pay_1' }), 'GET /v1/refunds?payment=pay_1'],
    [() => payos.forwards.create(forward), 'POST /v1/forward'],
    [() => payos.forwards.retrieve('fwd_1'), 'GET /v1/forwards/fwd_1'],
    [() => payos.forwards.list({ status: 'unknown' }), 'GET /v1/forwards?status=unknown'],
    [() => payos.reveals.create(reveal), 'POST /vault/v1/reveals'],
    [() => payos.reveals.list({ limit: 2 }), 'GET /v1/reveals?limit=2'],
    [() => payos.cardGate.retrieve(), 'GET /v1/card_gate'],
    [() => payos.cardGate.listAttestations(), 'GET /v1/card_gate/attestations'],
    [() => payos.cardGate.listRevealKeys(), 'GET /v1/reveal_keys'],
    [() => payos.customers.create(), 'POST /v1/customers'],
    [() => payos.customers.retrieve('cus_1'), 'GET /v1/customers/cus_1'],
    [() => payos.customers.list({ reference: 'a&b' }), 'GET /v1/customers?reference=a%26b'],
    [() => payos.paymentMethods.retrieve('pm_1'), 'GET /v1/payment_methods/pm_1'],
    [() => payos.paymentMethods.list(), 'GET /v1/payment_methods'],
    [() => payos.paymentMethods.delete('pm_1'), 'DELETE /v1/payment_methods/pm_1'],
    [() => payos.webhookEndpoints.create({ url }), 'POST /v1/webhook_endpoints'],
    [() => payos.webhookEndpoints.retrieve('we_1'), 'GET /v1/webhook_endpoints/we_1'],
    [() => payos.webhookEndpoints.list(), 'GET /v1/webhook_endpoints'],
    [() => payos.webhookEndpoints.update('we_1', { url }), 'PATCH /v1/webhook_endpoints/we_1'],
    [() => payos.webhookEndpoints.delete('we_1'), 'DELETE /v1/webhook_endpoints/we_1'],
    [
      () => payos.webhookEndpoints.listDeliveries('we_1'),
      'GET /v1/webhook_endpoints/we_1/deliveries',
    ],
    [() => payos.deliveries.resend('dlv_1'), 'POST /v1/deliveries/dlv_1/resend'],
    [() => payos.events.retrieve('evt_1'), 'GET /v1/events/evt_1'],
    [() => payos.events.list({ type: 'payment.failed' }), 'GET /v1/events?type=payment.failed'],
  ];
  for (const [call, expected] of calls) {
    await call();
    const request = server.requests.at(-1);
    assert.equal(`${request?.method} ${request?.url}`, expected);
    const { 'idempotency-key': key, 'content-type': type } = request?.headers ?? {};
    const hasBody = /^(POST|PATCH)/.test(expected);
    const takesKey = expected.startsWith('POST') && !expected.endsWith('/reveals');
    assert.equal(key !== undefined, takesKey, expected);
    assert.equal(type, hasBody ? 'application/json' : undefined, expected);
  }
});

test('no way of printing the client or its errors shows the key', async () => {
  const silent = await startServer(['drop']);
  const payos = connect({ baseUrl: silent.url, caFile: silent.caFile, maxRetries: 0 });
  const refused: unknown[] = [];
  await silent.close();
  await payos.payments.retrieve('pay_1', { timeoutMs: 1000 }).catch((error) => refused.push(error));
  for (const bad of [`${secretKey}\n`, secretKey.slice(1), `Bearer ${secretKey}`]) {
    try {
      connect({ secretKey: bad });
    } catch (error) {
      refused.push(error);
    }
  }
  assert.equal(refused.length, 4);
  for (const thing of [payos, payos.payments, ...refused]) {
    const deep = inspect(thing, { depth: Infinity, showHidden: true, getters: true });
    const texts = [deep, JSON.stringify(thing), String(thing), inspect(thing)];
    if (thing instanceof Error) texts.push(thing.message, thing.stack ?? '');
    for (const text of texts) assert.ok(!text.includes(secret), text);
  }
});

test('a missing or malformed key is refused with what to do', () => {
  const cases: [string, RegExp][] = [
    ['', /PAYOS_SECRET_KEY/],
    [`${secretKey} `, /space or a line break/],
    ['sk_test_123', /whole key was copied/],
    [secretKey.slice(0, -1), /whole key was copied/],
  ];
  for (const [key, message] of cases) {
    assert.throws(
      () => connect({ secretKey: key }),
      (error) => {
        assert.ok(error instanceof AuthenticationError);
        assert.match(error.message, message);
        return true;
      },
    );
  }
});

test('the key comes from PAYOS_SECRET_KEY when none is given', async () => {
  const index = new URL('./index.ts', import.meta.url).href;
  const program = `
    const { PayOS } = await import(${JSON.stringify(index)});
    console.log(new PayOS().mode);`;
  const run = (env: Record<string, string>) =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env });
  assert.equal((await run({ PAYOS_SECRET_KEY: secretKey })).stdout, 'test\n');
  await assert.rejects(run({}), /There is no API key/);
});

test('the key comes from the file that PAYOS_SECRET_KEY_FILE names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'payos-sdk-'));
  const file = join(folder, 'key');
  const made = () => connect({ secretKey: undefined }).mode;
  try {
    writeFileSync(file, `${secretKey}\n`, { mode: 0o600 });
    process.env['PAYOS_SECRET_KEY_FILE'] = file;
    assert.equal(made(), 'test');
    process.env['PAYOS_SECRET_KEY'] = secretKey;
    assert.throws(made, /both set\. Set one of the two/);
    assert.equal(connect({ secretKey }).mode, 'test');
    delete process.env['PAYOS_SECRET_KEY'];
    writeFileSync(file, '\n');
    assert.throws(made, AuthenticationError);
    // The key itself, put into the wrong variable, is not shown.
    process.env['PAYOS_SECRET_KEY_FILE'] = secretKey;
    assert.throws(made, (error) => {
      assert.ok(error instanceof InvalidRequestError);
      assert.match(error.message, /PAYOS_SECRET_KEY_FILE names cannot be read \(ENOENT\)/);
      assert.ok(!inspect(error).includes(secretKey));
      return true;
    });
  } finally {
    delete process.env['PAYOS_SECRET_KEY'];
    delete process.env['PAYOS_SECRET_KEY_FILE'];
    rmSync(folder, { recursive: true });
  }
});

test('only https URLs with nothing but origin and path are taken', () => {
  const bad = [
    'http://localhost:8443',
    'ftp://localhost',
    'localhost:8443',
    '',
    'https://user:password@localhost',
    'https://localhost/?a=1',
    'https://localhost/#a',
  ];
  for (const url of bad) {
    assert.throws(() => connect({ baseUrl: url }), InvalidRequestError, url);
    assert.throws(() => connect({ vaultUrl: url }), InvalidRequestError, url);
  }
  assert.throws(() => connect({ baseUrl: 'http://localhost' }), /Use https:\/\//);
  assert.equal(connect({ baseUrl: 'https://localhost/a/' }).baseUrl, 'https://localhost/a/');
});

test('other options are checked', () => {
  const bad: [object, RegExp][] = [
    [{ maxRetries: -1 }, /maxRetries/],
    [{ maxRetries: 1.5 }, /maxRetries/],
    [{ timeoutMs: 0 }, /timeoutMs/],
    [{ timeoutMs: Number.NaN }, /timeoutMs/],
    [{ caFile: '/nowhere/ca.pem' }, /no certificate could be read/],
    [{ caFile: import.meta.filename }, /no certificate could be read/],
    [{ fetch: globalThis.fetch }, /caFile and fetch/],
    [{ apiKey: 'x' }, /no option "apiKey"/],
  ];
  for (const [options, message] of bad) assert.throws(() => connect(options), message);
});

test('a publishable key creates tokens and nothing else', async () => {
  const answering = await startServer([{ body: { id: 'tok_1' } }]);
  const { url, caFile } = answering;
  const payos = new PayOS({ secretKey: publishableKey, baseUrl: url, vaultUrl: url, caFile });
  const card = { number: '4242424242424242', exp_month: 12, exp_year: 2034 };
  assert.equal((await payos.tokens.create({ type: 'card', card })).id, 'tok_1');
  await assert.rejects(payos.payments.retrieve('pay_1'), PermissionError);
  await assert.rejects(async () => payos.payments.list(), PermissionError);
  await assert.rejects(payos.refunds.create({ payment: 'pay_1' }), (error) => {
    assert.ok(error instanceof PayOSError);
    assert.equal(error.code, 'publishable_key_refused');
    return true;
  });
  assert.equal(answering.requests.length, 1);
  await answering.close();
});

test('a secret key in a browser is refused, a publishable one is not', () => {
  for (const name of ['document', 'importScripts']) {
    Reflect.set(globalThis, name, {});
    try {
      assert.throws(() => new PayOS({ secretKey }), /must not be in a browser/);
      assert.equal(new PayOS({ secretKey: publishableKey }).mode, 'live');
    } finally {
      Reflect.deleteProperty(globalThis, name);
    }
  }
});
