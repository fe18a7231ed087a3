import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { emptyFolder, payos } from '../test/run.ts';
import { type Answer, apiServer, type Recorded } from '../test/servers.ts';

const secretKey = `payos_sk_test_${'S1s2'.repeat(12)}zz`;
const publishableKey = `payos_pk_test_${'P1p2'.repeat(12)}zz`;
const otherKey = `payos_sk_test_${'E1e2'.repeat(12)}zz`;
const liveKey = `payos_sk_live_${'L1l2'.repeat(12)}zz`;

const payment = {
  id: 'pay_1',
  object: 'payment',
  mode: 'test',
  status: 'succeeded',
  amount: 1999,
  currency: 'EUR',
  card: { brand: 'visa', last4: '4242', bin: '424242', exp_month: 12, exp_year: 2034 },
  reference: null,
  metadata: {},
  decline_code: null,
  created_at: '2026-11-23',
};
const attempt = { id: 'att_1', kind: 'authorize', state: 'declined', amount: 1999 };
const event = { id: 'evt_1', type: 'payment.succeeded', data: { id: 'pay_1' }, created_at: 'then' };

let api: Awaited<ReturnType<typeof apiServer>>;
let folder: string;
let cleanUp: () => void;

function answering({ method, url, body }: Recorded): Answer {
  const declined = { title: 'The card was declined.', code: 'card_declined', payment: 'pay_1' };
  const token = Reflect.get(Object(body), 'token');
  const [path] = url.split('?');
  const failed = { ...payment, status: 'failed', decline_code: 'generic_decline' };
  switch (`${method} ${path}`) {
    case 'POST /v1/tokens':
      return { status: 201, body: { id: `tok_${Reflect.get(Object(body), 'card').number}` } };
    case 'POST /v1/payments':
      return token === 'tok_4242424242424242'
        ? { status: 201, body: payment }
        : { status: 402, body: { ...declined, request_id: 'req_9', fix: 'Another card.' } };
    case 'GET /v1/payments':
      return { body: { data: [payment], has_more: true, next: 'pay_1' } };
    case 'GET /v1/payments/pay_1':
      return { body: { ...failed, attempts: [attempt] } };
    case 'GET /v1/events':
      return { body: { data: [event], has_more: false, next: null } };
    default: {
      const problem = { title: 'Nothing there.', code: 'not_found', fix: 'Check the id.' };
      return { status: 404, body: { ...problem, request_id: 'req_404' } };
    }
  }
}

before(async () => {
  api = await apiServer(answering);
});
after(() => api.close());

beforeEach(() => {
  const made = emptyFolder();
  folder = made.folder;
  cleanUp = made.remove;
  api.requests.length = 0;
  mkdirSync(join(folder, '.payos'));
  writeFileSync(join(folder, '.payos', 'ca.pem'), api.cert);
  writeQuickstart({});
});
afterEach(() => cleanUp());

function writeQuickstart(more: object) {
  const facts = {
    api_url: api.url,
    vault_url: api.url,
    ca_file: join(folder, '.payos', 'ca.pem'),
    secret_key: secretKey,
    publishable_key: publishableKey,
    ...more,
  };
  writeFileSync(join(folder, '.payos', 'quickstart.json'), JSON.stringify(facts));
}

test('trigger payment: the browser key makes the token, the secret key the payment', async () => {
  const parameters = ['trigger', 'payment', '--amount', '500'];
  const { code, stdout, stderr } = await payos(folder, parameters);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'pay_1 succeeded\n');
  const sent = api.requests.map(({ method, url, authorization }) => [method, url, authorization]);
  assert.deepEqual(sent, [
    ['POST', '/v1/tokens', `Bearer ${publishableKey}`],
    ['POST', '/v1/payments', `Bearer ${secretKey}`],
  ]);
  const token = 'tok_4242424242424242';
  const body = { amount: 500, currency: 'EUR', token, capture: 'automatic' };
  assert.deepEqual(api.requests[1]?.body, body);
});

test('trigger payment --outcome declined shows the payment that was declined', async () => {
  const parameters = ['trigger', 'payment', '--outcome', 'declined'];
  const { code, stdout, stderr } = await payos(folder, parameters);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'pay_1 failed (generic_decline)\n');
});

test('trigger refuses a live key before anything is sent', async () => {
  const env = { PAYOS_SECRET_KEY: liveKey };
  const { code, stderr } = await payos(folder, ['trigger', 'payment'], env);
  assert.equal(code, 1);
  assert.match(stderr, /live key/);
  assert.ok(!stderr.includes(liveKey));
  assert.equal(api.requests.length, 0);
});

test('payments list and get, events list', async () => {
  const list = await payos(folder, ['payments', 'list', '--limit', '1', '--status', 'succeeded']);
  assert.equal(list.stdout, 'pay_1\tsucceeded\t1999\tEUR\tvisa 4242\t-\t2026-11-23\n');
  assert.match(list.stderr, /--after pay_1/);
  assert.equal(api.requests[0]?.url, '/v1/payments?limit=1&status=succeeded');
  const json = await payos(folder, ['payments', 'list', '--json']);
  assert.deepEqual(JSON.parse(json.stdout), { data: [payment], has_more: true, next: 'pay_1' });
  const one = await payos(folder, ['payments', 'get', 'pay_1']);
  assert.match(one.stdout, /^status: failed$/m);
  assert.match(one.stdout, /^card: visa 4242$/m);
  assert.match(one.stdout, /^att_1\tauthorize\tdeclined\t1999\t/m);
  const events = await payos(folder, ['events', 'list', '--type', 'payment.succeeded']);
  assert.equal(events.stdout, 'evt_1\tpayment.succeeded\tpay_1\tthen\n');
});

test('PAYOS_SECRET_KEY comes before the key of the quickstart', async () => {
  const env = { PAYOS_SECRET_KEY: otherKey };
  const { code, stderr } = await payos(folder, ['trigger', 'payment'], env);
  assert.equal(code, 0, stderr);
  const used = new Set(api.requests.map(({ authorization }) => authorization));
  assert.deepEqual([...used], [`Bearer ${otherKey}`]);
});

test('PAYOS_SECRET_KEY_FILE names a file with the key', async () => {
  writeFileSync(join(folder, 'key'), `${otherKey}\n`, { mode: 0o600 });
  const { code, stderr } = await payos(folder, ['trigger', 'payment'], {
    PAYOS_SECRET_KEY_FILE: 'key',
  });
  assert.equal(code, 0, stderr);
  const used = new Set(api.requests.map(({ authorization }) => authorization));
  assert.deepEqual([...used], [`Bearer ${otherKey}`]);
  const both = { PAYOS_SECRET_KEY: otherKey, PAYOS_SECRET_KEY_FILE: 'key' };
  assert.match((await payos(folder, ['payments', 'list'], both)).stderr, /both set/);
  const misplaced = await payos(folder, ['payments', 'list'], { PAYOS_SECRET_KEY_FILE: otherKey });
  assert.equal(misplaced.code, 1);
  assert.match(misplaced.stderr, /PAYOS_SECRET_KEY_FILE names cannot be read \(ENOENT\)/);
  assert.ok(!misplaced.stderr.includes(otherKey));
});

test('errors of the API name what to fix and the request', async () => {
  const { code, stdout, stderr } = await payos(folder, ['payments', 'get', 'pay_2']);
  assert.deepEqual([code, stdout], [1, '']);
  assert.equal(stderr, 'error: Nothing there.\n  fix: Check the id.\n  request_id: req_404\n');
});

test('without a key it says where one comes from; a broken quickstart is named', async () => {
  const nowhere = await payos(folder, ['payments', 'list'], { PAYOS_DATA_DIR: 'none' });
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /There is no API key/);
  assert.match(nowhere.stderr, /none\/quickstart\.json, or set PAYOS_SECRET_KEY/);
  writeQuickstart({ secret_key: 5 });
  const broken = await payos(folder, ['payments', 'list']);
  assert.match(broken.stderr, /quickstart\.json has no secret_key/);
  writeQuickstart({ ca_file: '/nowhere.pem' });
  const noCa = await payos(folder, ['payments', 'list']);
  assert.match(noCa.stderr, /no certificate could be read from \/nowhere\.pem/);
  for (const { stderr } of [broken, noCa]) assert.ok(!stderr.includes(secretKey));
});
