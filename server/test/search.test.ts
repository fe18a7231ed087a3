import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, openSharedShop, type SharedShop } from './shop.ts';

let shop: SharedShop;
/** One payment of each kind, in the order in which they were made. */
const made: Record<string, string> = {};
before(async () => {
  shop = await openSharedShop();
  const pay = async (name: string, more: object, card?: string) => {
    const answer = await shop.pay({ reference: name, ...more }, card);
    made[name] = answer.body.id ?? answer.body.payment;
  };
  const customer = { reference: 'C-1001', name: 'Ada Lovelace', email: 'Ada@Example.com' };
  await shop.post('/v1/customers', customer);
  await pay('Plain-1', { description: 'Blue shirts, 2 of them' });
  await pay('Plain-2', { amount: 500, currency: 'USD', save_for: 'C-1001' });
  await pay('Held', { capture: 'manual' });
  await pay('Canceled', { capture: 'manual' });
  await shop.post(`/v1/payments/${made['Canceled']}/cancel`, {});
  await pay('Declined', {}, '4000000000000002');
  await pay('Refunded', {}, '5555555555554444');
});
after(async () => shop?.stop());

/** Names of the payments that a query finds. */
async function found(query: string): Promise<string[]> {
  const answer = await shop.get(`/v1/payments?${query}`);
  assert.equal(answer.status, 200, answer.text);
  const names = Object.entries(made).map(([name, id]) => [id, name] as const);
  const nameOf = new Map(names);
  return answer.body.data.map(({ id }: { id: string }) => nameOf.get(id) ?? id);
}

describe('a list of payments', () => {
  const cases: [string, string[]][] = [
    ['status=succeeded', ['Refunded', 'Plain-2', 'Plain-1']],
    ['status=failed', ['Declined']],
    ['status=requires_capture,canceled', ['Canceled', 'Held']],
    ['status=failed,succeeded&limit=2', ['Refunded', 'Declined']],
    ['status=processing', []],
    ['currency=usd', ['Plain-2']],
    ['amount_min=500&amount_max=500', ['Plain-2']],
    ['currency=EUR&amount_max=500', []],
    ['reference=Held', ['Held']],
    ['reference=held', []],
    ['last4=4444', ['Refunded']],
    ['decline_code=card_declined', []],
    ['q=4444', ['Refunded']],
    ['q=pla', ['Plain-2', 'Plain-1']],
    ['q=PLAIN-2', ['Plain-2']],
    ['q=shirts', ['Plain-1']],
    ['q=2+shi', ['Plain-1']],
    ['q=ada%40example', ['Plain-2']],
    ['q=lovelace', ['Plain-2']],
    ['q=C-1001', ['Plain-2']],
    ['q=c-1001&status=failed', []],
    ['q=%25', []],
    ['q=nothing+like+it', []],
  ];
  for (const [query, names] of cases) {
    it(query, async () => assert.deepEqual(await found(query), names));
  }

  it('by why a card was declined', async () => {
    const { body } = await shop.get(`/v1/payments/${made['Declined']}`);
    assert.deepEqual(await found(`decline_code=${body.decline_code}`), ['Declined']);
  });

  it('by when it was made', async () => {
    const { body } = await shop.get(`/v1/payments/${made['Held']}`);
    const time = encodeURIComponent(body.created_at);
    assert.deepEqual(await found(`created_after=${time}`), ['Refunded', 'Declined', 'Canceled']);
    assert.deepEqual(await found(`created_before=${time}`), ['Plain-2', 'Plain-1']);
  });

  it('by any id that has to do with it', async () => {
    const id = made['Refunded'] ?? '';
    const refund = await shop.post('/v1/refunds', { payment: id, amount: 5 });
    const { body: payment } = await shop.get(`/v1/payments/${id}`);
    const attempts = payment.attempts.map((attempt: { id: string }) => attempt.id);
    assert.equal(payment.attempts[1].refund, refund.body.id);
    const events = (await shop.get(`/v1/events?object=${refund.body.id}`)).body.data;
    for (const one of [id, ...attempts, payment.token, refund.body.id, events[0].id]) {
      assert.deepEqual(await found(`q=${one}`), ['Refunded'], one);
    }
    const request = String(refund.headers['payos-request-id']);
    const byRequest = () => found(`q=${request}`);
    await eventually(async () => ((await byRequest()).length > 0 ? true : undefined), 'the log');
    assert.deepEqual(await byRequest(), ['Refunded']);
    assert.deepEqual(await found('refunded=true'), ['Refunded']);
    const { body: saved } = await shop.get(`/v1/payments/${made['Plain-2']}`);
    assert.deepEqual(await found(`q=${saved.customer}`), ['Plain-2']);
    assert.deepEqual(await found(`customer=${saved.customer}`), ['Plain-2']);
    assert.deepEqual(await found(`q=${saved.payment_method}`), ['Plain-2']);
  });

  it('from page to page, by a search too', async () => {
    const { body: first } = await shop.get('/v1/payments?q=plain&limit=1');
    assert.ok(first.has_more);
    const { body: second } = await shop.get(`/v1/payments?q=plain&limit=1&after=${first.next}`);
    assert.deepEqual([second.data[0].id, second.has_more], [made['Plain-1'], false]);
    const { body: back } = await shop.get(`/v1/payments?q=plain&before=${second.data[0].id}`);
    assert.equal(back.data[0].id, made['Plain-2']);
  });

  it('tells nothing of customers to who may not see them', async () => {
    const permissions = ['payments:read'] as const;
    const { key } = await shop.operator.mint(shop.organization, { permissions: [...permissions] });
    for (const query of ['q=ada', 'q=lovelace', 'q=c-1001']) {
      const { body } = await shop.api.get(`/v1/payments?${query}`, key);
      assert.deepEqual(body.data, [], query);
    }
    assert.equal((await shop.api.get('/v1/payments?q=plain', key)).body.data.length, 2);
  });

  it('of another organization finds nothing of this one, whatever is asked', async () => {
    const other = await shop.operator.createOrganization('Other');
    const { key } = await shop.operator.mint(other);
    const queries = ['q=plain', 'q=shirts', 'q=lovelace', 'q=4444', `q=${made['Held']}`];
    for (const query of [...queries, 'status=failed,processing', 'last4=4242', '']) {
      const { body } = await shop.api.get(`/v1/payments?${query}`, key);
      assert.deepEqual(body.data, [], query);
    }
  });

  it('refuses what is no status, and a span that ends before it begins', async () => {
    const backwards = 'created_after=2026-02-01T00:00:00Z&created_before=2026-01-01T00:00:00Z';
    for (const query of ['status=lost', 'status=failed,', 'last4=42', 'amount_min=0', backwards]) {
      assert.equal((await shop.get(`/v1/payments?${query}`)).status, 400, query);
    }
  });
});

describe('other lists', () => {
  it('find customers by what people know of them', async () => {
    for (const query of ['q=ada', 'q=love', 'q=ADA%40', 'q=c-10', 'reference=C-1001']) {
      const { body } = await shop.get(`/v1/customers?${query}`);
      assert.deepEqual(
        body.data.map(({ name }: { name: string }) => name),
        ['Ada Lovelace'],
        query,
      );
    }
    assert.deepEqual((await shop.get('/v1/customers?q=nobody')).body.data, []);
  });

  it('find refunds by payment, status and time', async () => {
    const payment = made['Refunded'];
    const { body } = await shop.get(`/v1/refunds?payment=${payment}&status=succeeded`);
    assert.equal(body.data.length, 1);
    const time = encodeURIComponent(body.data[0].created_at);
    assert.deepEqual((await shop.get('/v1/refunds?status=failed')).body.data, []);
    assert.deepEqual((await shop.get(`/v1/refunds?created_after=${time}`)).body.data, []);
  });

  it('find events by type, object and time', async () => {
    const { body: all } = await shop.get('/v1/events?type=payment.canceled');
    assert.equal(all.data.length, 1);
    const [event] = all.data;
    const time = encodeURIComponent(event.created_at);
    const { body: later } = await shop.get(`/v1/events?created_after=${time}&limit=100`);
    const { body: earlier } = await shop.get(`/v1/events?created_before=${time}&limit=100`);
    const { body: whole } = await shop.get('/v1/events?limit=100');
    assert.equal(later.data.length + earlier.data.length + 1, whole.data.length);
    assert.ok(later.data.length > 0 && earlier.data.length > 0);
    const none = `type=payment.canceled&object=${made['Held']}`;
    assert.deepEqual((await shop.get(`/v1/events?${none}`)).body.data, []);
  });
});
