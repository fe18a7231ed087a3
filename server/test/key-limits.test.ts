import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { keyPermissions, type Permission, type schemas, standings } from 'payos-contract';
import type pg from 'pg';
import { inertRoutes } from './inert-routes.ts';
import { eventually, openSharedShop, type SharedShop } from './shop.ts';

type Limits = { amounts?: schemas.AmountLimit[]; customers?: string[] };

const euros = (per_payment: number | null, per_day: number | null): schemas.AmountLimit[] => [
  { currency: 'EUR', per_payment, per_day },
];

let shop: SharedShop;
let db: pg.Client;
before(async () => {
  shop = await openSharedShop();
  db = await shop.connect('control');
});
after(async () => {
  await db?.end();
  await shop?.stop();
});

async function keyWith(limits: Limits): Promise<string> {
  return (await mintWith(limits)).key;
}

async function mintWith(
  { amounts = [], customers = [] }: Limits,
  more: { permissions?: Permission[] } = {},
) {
  const minted = await shop.operator.mint(shop.organization, more);
  await db.query('UPDATE api_keys SET amount_limits = $2, customers = $3 WHERE id = $1', [
    minted.id,
    JSON.stringify(amounts),
    customers,
  ]);
  return minted;
}

async function pay(key: string, more: object = {}, card?: string) {
  const token = 'payment_method' in more ? {} : { token: await shop.tokenize(card) };
  return shop.api.post('/v1/payments', key, { amount: 1000, currency: 'EUR', ...token, ...more });
}

describe('a key with caps on amounts', () => {
  it('takes what is within them, and no more in one payment', async () => {
    const key = await keyWith({ amounts: euros(1000, null) });
    assert.equal((await pay(key)).status, 201);
    const refused = await pay(key, { amount: 1001 });
    assert.equal(refused.status, 403);
    assert.equal(refused.body.code, 'key_amount_exceeded');
    assert.match(refused.body.detail, /10\.00 EUR/);
  });

  it('takes no other currency', async () => {
    const key = await keyWith({ amounts: euros(null, null) });
    assert.equal((await pay(key)).status, 201);
    assert.equal((await pay(key, { currency: 'usd' })).body.code, 'key_currency_refused');
  });

  it('takes no more in a day, however many come at once', async () => {
    const key = await keyWith({ amounts: euros(null, 2500) });
    const answers = await Promise.all(Array.from({ length: 8 }, () => pay(key)));
    const codes = answers.map(({ status, body }) => (status === 201 ? 'paid' : body.code)).sort();
    assert.deepEqual(codes, [...Array(6).fill('key_daily_amount_exceeded'), 'paid', 'paid']);
    assert.equal((await pay(key, { amount: 501 })).body.code, 'key_daily_amount_exceeded');
    assert.equal((await pay(key, { amount: 500 })).status, 201);
  });

  it('counts neither what is declined nor what is canceled', async () => {
    const key = await keyWith({ amounts: euros(null, 1000) });
    assert.equal((await pay(key, {}, '4000000000000002')).status, 402);
    const held = await pay(key, { capture: 'manual' });
    assert.equal(held.status, 201, held.text);
    assert.equal((await pay(key, { amount: 1 })).body.code, 'key_daily_amount_exceeded');
    await shop.api.post(`/v1/payments/${held.body.id}/cancel`, key, {});
    assert.equal((await pay(key)).status, 201);
  });

  it('goes on counting while the outcome is unknown', async () => {
    const key = await keyWith({ amounts: euros(null, 1000) });
    const open = await pay(key, {}, '4000000000000309');
    assert.equal(open.body.status, 'processing');
    assert.equal((await pay(key)).body.code, 'key_daily_amount_exceeded');
    const path = `/v1/payments/${open.body.id}`;
    await eventually(async () => {
      return (await shop.get(path)).body.status === 'succeeded' ? true : undefined;
    }, 'the outcome');
    assert.equal((await pay(key)).body.code, 'key_daily_amount_exceeded');
  });

  it('sends no more back either, and counts refunds together with payments', async () => {
    const paid = await shop.pay({ amount: 5000 });
    const key = await keyWith({ amounts: euros(1500, 2000) });
    const refund = (amount: number) =>
      shop.api.post('/v1/refunds', key, { payment: paid.body.id, amount });
    assert.equal((await refund(1501)).body.code, 'key_amount_exceeded');
    assert.equal((await refund(1500)).status, 201);
    assert.equal((await refund(501)).body.code, 'key_daily_amount_exceeded');
    assert.equal((await pay(key, { amount: 501 })).body.code, 'key_daily_amount_exceeded');
    const found = await shop.get(`/v1/payments/${paid.body.id}`);
    assert.equal(found.body.amount_refundable, 3500);
  });

  it('takes a refused refund out of the sum again', async () => {
    const paid = await shop.pay({ amount: 5000 }, '4000000000005118');
    const key = await keyWith({ amounts: euros(null, 1000) });
    const body = { payment: paid.body.id, amount: 1000 };
    assert.equal((await shop.api.post('/v1/refunds', key, body)).body.status, 'failed');
    assert.equal((await pay(key)).status, 201);
  });

  it('shares its day with all that come of it by rotation', async () => {
    const permissions: Permission[] = ['payments:write', 'keys:roll_self'];
    const first = await mintWith({ amounts: euros(null, 2000) }, { permissions });
    const rolled = await shop.api.post('/v1/api_keys/roll', first.key, {});
    assert.equal(rolled.status, 201, rolled.text);
    const second = rolled.body.successor;
    assert.equal((await pay(first.key)).status, 201);
    assert.equal((await pay(second.key, {}, '4000000000000002')).status, 402);
    assert.equal((await pay(second.key)).status, 201);
    const rotate = `/operator/api_keys/${second.id}/rotate`;
    const third = (await shop.operator.call('POST', rotate, {}))['successor'] as { key: string };
    for (const key of [first.key, second.key, third.key]) {
      assert.equal((await pay(key, { amount: 1 })).body.code, 'key_daily_amount_exceeded');
    }
    const held = await db.query(
      'SELECT DISTINCT key_id FROM api_key_spending WHERE key_id = ANY($1)',
      [[first.id, second.id]],
    );
    assert.deepEqual(held.rows, [{ key_id: first.id }]);
  });

  it('captures no more than it could take, whoever authorized it', async () => {
    const authorized = async (more: object) => {
      const answer = await shop.pay({ capture: 'manual', ...more });
      assert.equal(answer.body.status, 'requires_capture', answer.text);
      return `/v1/payments/${answer.body.id}/capture`;
    };
    const [large, other, small] = [
      await authorized({ amount: 5000 }),
      await authorized({ amount: 100, currency: 'USD' }),
      await authorized({ amount: 1000 }),
    ];
    const key = await keyWith({ amounts: euros(1500, 2000) });
    const capture = (path: string, body = {}) => shop.api.post(path, key, body);
    assert.equal((await capture(large)).body.code, 'key_amount_exceeded');
    assert.equal((await capture(other)).body.code, 'key_currency_refused');
    assert.equal((await capture(large, { amount: 1500 })).status, 200);
    assert.equal((await capture(small)).body.code, 'key_daily_amount_exceeded');
    assert.equal((await capture(small, { amount: 500 })).status, 200);
    assert.equal((await pay(key, { amount: 1 })).body.code, 'key_daily_amount_exceeded');
  });

  it('captures what it authorized itself without counting it twice', async () => {
    const permissions: Permission[] = ['payments:write', 'keys:roll_self'];
    const { key } = await mintWith({ amounts: euros(null, 1000) }, { permissions });
    const held = await pay(key, { capture: 'manual' });
    const { successor } = (await shop.api.post('/v1/api_keys/roll', key, {})).body;
    const captured = await shop.api.post(`/v1/payments/${held.body.id}/capture`, successor.key, {});
    assert.equal(captured.status, 200, captured.text);
    assert.equal((await pay(key, { amount: 1 })).body.code, 'key_daily_amount_exceeded');
  });

  it('takes a refused capture out of the sum again', async () => {
    const held = await shop.pay({ amount: 1000, capture: 'manual' });
    const select = 'SELECT processor_reference FROM payments WHERE id = $1';
    const { processor_reference: charge } = (await db.query(select, [held.body.id])).rows[0];
    const voided = await shop.simulator.call('POST', `/v1/charges/${charge}/void`, {
      key: shop.simulatorSecret,
      body: { idempotency_key: 'behind its back' },
    });
    assert.equal(voided.status, 200, voided.text);
    const key = await keyWith({ amounts: euros(null, 1000) });
    const refused = await shop.api.post(`/v1/payments/${held.body.id}/capture`, key, {});
    assert.equal(refused.body.code, 'processor_error', refused.text);
    assert.equal((await pay(key)).status, 201);
  });

  it('answers a repeated request as it did, although the day is full by then', async () => {
    const key = await keyWith({ amounts: euros(null, 1000) });
    const call = {
      key,
      headers: { 'idempotency-key': 'once' },
      body: { amount: 1000, currency: 'EUR', token: await shop.tokenize() },
    };
    const first = await shop.api.call('POST', '/v1/payments', call);
    assert.equal(first.status, 201, first.text);
    const second = await shop.api.call('POST', '/v1/payments', call);
    assert.equal(second.status, 201, second.text);
    assert.equal(second.body.id, first.body.id);
    assert.equal(second.headers['idempotency-replayed'], 'true');
  });
});

describe('a key that is bound to customers', () => {
  let own: { customer: string; payment: string; method: string };
  let other: { customer: string; payment: string; method: string; refund: string };
  let key: string;
  before(async () => {
    const of = async (reference: string) => {
      const { body } = await shop.pay({ save_for: reference });
      return { customer: body.customer, payment: body.id, method: body.payment_method };
    };
    own = await of('theirs');
    const refunded = await of('another');
    const refund = await shop.post('/v1/refunds', { payment: refunded.payment, amount: 1 });
    other = { ...refunded, refund: refund.body.id };
    key = await keyWith({ customers: [own.customer] });
  });

  it('works for them', async () => {
    const paid = await pay(key, { payment_method: own.method });
    assert.equal(paid.status, 201, paid.text);
    assert.equal((await pay(key, { save_for: own.customer })).status, 201);
    assert.equal((await pay(key, { save_for: 'theirs' })).status, 201);
    const refund = await shop.api.post('/v1/refunds', key, { payment: paid.body.id });
    assert.equal(refund.status, 201, refund.text);
    for (const path of [
      `/v1/payments/${own.payment}`,
      `/v1/payments?customer=${own.customer}`,
      `/v1/refunds/${refund.body.id}`,
      `/v1/refunds?payment=${paid.body.id}`,
      `/v1/customers/${own.customer}`,
      `/v1/payment_methods?customer=${own.customer}`,
      `/v1/payment_methods/${own.method}`,
    ]) {
      assert.equal((await shop.api.get(path, key)).status, 200, path);
    }
  });

  it('takes no payment for somebody else, or for nobody', async () => {
    const refused = async (more: object) => {
      const answer = await pay(key, more);
      assert.equal(answer.body.code, 'key_customer_refused', answer.text);
    };
    await refused({ payment_method: other.method });
    await refused({ save_for: other.customer });
    await refused({ save_for: 'another' });
    await refused({});
    await refused({ save_for: 'nobody yet' });
    const made = await db.query("SELECT FROM customers WHERE reference = 'nobody yet'");
    assert.equal(made.rowCount, 0);
  });

  it('reaches nothing of others: every route refuses, or holds to it', async () => {
    const held = (await shop.pay({ save_for: 'another', capture: 'manual' })).body.id;
    const url = 'https://shop.example/';
    const asked = { amount: 1, currency: 'EUR', reference: 'o', return_url: url, cancel_url: url };
    const ofOther = { ...asked, customer: other.customer };
    const checkout = await shop.post('/v1/checkout_sessions', ofOther);
    const foreign: Record<string, string> = {
      'GET /v1/payments': '/v1/payments',
      'GET /v1/payments/:id': `/v1/payments/${other.payment}`,
      'POST /v1/payments/:id/capture': `/v1/payments/${held}/capture`,
      'POST /v1/payments/:id/cancel': `/v1/payments/${held}/cancel`,
      'POST /v1/checkout_sessions': '/v1/checkout_sessions',
      'GET /v1/checkout_sessions': '/v1/checkout_sessions',
      'GET /v1/checkout_sessions/:id': `/v1/checkout_sessions/${checkout.body.id}`,
      'POST /v1/checkout_sessions/:id/expire': `/v1/checkout_sessions/${checkout.body.id}/expire`,
      'GET /v1/refunds': `/v1/refunds?payment=${other.payment}`,
      'GET /v1/refunds/:id': `/v1/refunds/${other.refund}`,
      'GET /v1/customers/:id': `/v1/customers/${other.customer}`,
      'GET /v1/payment_methods': `/v1/payment_methods?customer=${other.customer}`,
      'GET /v1/payment_methods/:id': `/v1/payment_methods/${other.method}`,
      'PATCH /v1/payment_methods/:id': `/v1/payment_methods/${other.method}`,
      'DELETE /v1/payment_methods/:id': `/v1/payment_methods/${other.method}`,
    };
    const anything = keyPermissions('test');
    const wide = (await shop.operator.mint(shop.organization, { permissions: anything })).key;
    await db.query('UPDATE api_keys SET customers = $2 WHERE lookup_id = $1', [
      wide.slice('payos_sk_test_'.length, 'payos_sk_test_'.length + 12),
      [own.customer],
    ]);
    const routes = inertRoutes().filter(
      (route) =>
        route.surface === 'public' &&
        !Object.hasOwn(standings, route.permission) &&
        anything.includes(route.permission as Permission),
    );
    assert.ok(routes.length > 20);
    for (const { method, path } of routes) {
      const name = `${method} ${path}`;
      // These two name what they touch in the body; the tests above and below try them.
      if (name === 'POST /v1/payments' || name === 'POST /v1/refunds') continue;
      const url = foreign[name] ?? path.replace(':id', 'x');
      const answer = await shop.api.call(method, url, {
        key: wide,
        headers: { 'idempotency-key': name.replace(' ', '') },
        ...(method === 'GET' || method === 'DELETE'
          ? {}
          : { body: name === 'POST /v1/checkout_sessions' ? ofOther : {} }),
      });
      assert.equal(answer.body.code, 'key_customer_refused', `${name}: ${answer.text}`);
    }
  });

  it('is not answered what another key was answered', async () => {
    const call = {
      body: { payment: other.payment, amount: 2 },
      headers: { 'idempotency-key': 'of-another-key' },
    };
    const done = await shop.api.call('POST', '/v1/refunds', { ...call, key: shop.secret });
    assert.equal(done.status, 201, done.text);
    const again = await shop.api.call('POST', '/v1/refunds', { ...call, key });
    assert.equal(again.body.code, 'idempotency_mismatch', again.text);
  });

  it('refunds nothing of others', async () => {
    const body = { payment: other.payment, amount: 1 };
    const refused = await shop.api.post('/v1/refunds', key, body);
    assert.equal(refused.body.code, 'key_customer_refused');
    const page = await shop.api.get('/v1/refunds', key);
    assert.equal(page.body.code, 'key_customer_refused');
  });
});
