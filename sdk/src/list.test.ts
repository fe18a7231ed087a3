import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type Recorded, startServer, type TestServer } from '../test/server.ts';
import { PayOS } from './client.ts';

const secretKey = `payos_sk_test_${'A1b2'.repeat(12)}zz`;
let server: TestServer;
let payos: PayOS;

/** Seven payments, newest first, cut into pages as the API does. */
function page({ url }: Recorded) {
  const query = new URL(url, 'https://localhost').searchParams;
  const [limit, after] = [Number(query.get('limit') ?? 20), query.get('after')];
  if (after === 'pay_stuck') return { body: { data: [], has_more: true, next: 'pay_stuck' } };
  const all = Array.from({ length: 7 }, (_, index) => ({ id: `pay_${index + 1}` }));
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const data = all.slice(start, start + limit);
  const has_more = start + limit < all.length;
  return { body: { data, has_more, next: has_more ? data.at(-1)?.id : null } };
}

before(async () => {
  server = await startServer(page);
  payos = new PayOS({ secretKey, baseUrl: server.url, caFile: server.caFile });
});
beforeEach(() => {
  server.requests.length = 0;
});
after(() => server.close());

test('for await walks all pages and keeps the filters', async () => {
  const ids: string[] = [];
  for await (const { id } of payos.payments.list({ limit: 3, status: 'failed' })) ids.push(id);
  assert.deepEqual(ids, ['pay_1', 'pay_2', 'pay_3', 'pay_4', 'pay_5', 'pay_6', 'pay_7']);
  assert.deepEqual(
    server.requests.map(({ url }) => url),
    [
      '/v1/payments?limit=3&status=failed',
      '/v1/payments?limit=3&status=failed&after=pay_3',
      '/v1/payments?limit=3&status=failed&after=pay_6',
    ],
  );
});

test('a loop that is left asks for no further page', async () => {
  for await (const { id } of payos.payments.list({ limit: 3 })) if (id === 'pay_3') break;
  assert.equal(server.requests.length, 1);
});

test('await gives one page', async () => {
  const first = await payos.payments.list({ limit: 5 });
  assert.equal(first.data.length, 5);
  assert.equal(first.has_more, true);
  assert.equal(first.next, 'pay_5');
  assert.equal(first.lastResponse.status, 200);
  const second = await payos.payments.list({ limit: 5, after: 'pay_5' });
  assert.deepEqual([second.data.length, second.has_more, second.next], [2, false, null]);
});

test('a list sends nothing until it is used, and asks for its first page once', async () => {
  const list = payos.payments.list();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(server.requests.length, 0);
  await list;
  await list;
  for await (const payment of list) assert.ok(payment.id);
  assert.equal(server.requests.length, 1);
});

test('a server that repeats a page does not hold the loop forever', async () => {
  const walk = async () => {
    for await (const payment of payos.payments.list({ after: 'pay_stuck' })) assert.ok(payment);
  };
  await assert.rejects(walk, /the same page twice/);
});

test('walking backwards is refused, a single page before something is not', async () => {
  const walk = async () => {
    for await (const payment of payos.payments.list({ before: 'pay_4' })) assert.ok(payment);
  };
  await assert.rejects(walk, /cannot be walked with `before`/);
  await payos.payments.list({ before: 'pay_4' });
  assert.equal(server.requests[0]?.url, '/v1/payments?before=pay_4');
});
