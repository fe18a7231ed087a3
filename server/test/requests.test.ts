import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Answer } from '../../tools/harness/api-client.ts';
import { signedIn } from '../../tools/harness/people.ts';
import { eventually, openShop, type Shop } from './shop.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(async () => shop?.stop());

const idOf = (answer: Answer) => String(answer.headers['payos-request-id']);

/** What the log says of a request, once it is written. */
const logged = (answer: Answer) =>
  eventually(
    async () => {
      const { body } = await shop.get(`/v1/requests?request_id=${idOf(answer)}`);
      return body.data[0];
    },
    `an entry for ${idOf(answer)}`,
  );

describe('the log of API requests', () => {
  it('tells who asked what, and how it ended', async () => {
    const paid = await shop.pay();
    const { created_at, duration_ms, ...entry } = await logged(paid);
    assert.deepEqual(entry, {
      id: idOf(paid),
      object: 'request',
      mode: 'test',
      method: 'POST',
      path: '/v1/payments',
      status: 201,
      code: null,
      actor: { type: 'api_key', id: shop.secretId, name: 'test' },
      address: '127.0.0.1',
      object_id: paid.body.id,
      related_id: null,
    });
    assert.ok(duration_ms > 0 && Math.abs(Date.parse(created_at) - Date.now()) < 60_000);
  });

  it('leads from an object to all that was asked about it', async () => {
    const { body: payment } = await shop.pay();
    const refunded = await shop.post('/v1/refunds', { payment: payment.id, amount: 1 });
    const refused = await shop.post(`/v1/payments/${payment.id}/capture`, {});
    await logged(refused);
    const { data } = (await shop.get(`/v1/requests?object=${payment.id}`)).body;
    const told = data.map((row: Record<string, unknown>) => [row['path'], row['code']]);
    assert.deepEqual(told, [
      [`/v1/payments/${payment.id}/capture`, 'payment_state'],
      ['/v1/refunds', null],
      ['/v1/payments', null],
    ]);
    assert.equal(data[1].object_id, refunded.body.id);
    assert.equal(data[1].related_id, payment.id);
  });

  it('knows the payment of a declined card, and the code', async () => {
    const declined = await shop.pay({}, '4000000000000002');
    assert.equal(declined.status, 402);
    const entry = await logged(declined);
    assert.equal(entry.code, 'card_declined');
    assert.equal(entry.object_id, declined.body.payment);
  });

  it('has refusals too: of the permission, of the body, of what is not there', async () => {
    const { key } = await shop.operator.mint(shop.organization, { permissions: ['events:read'] });
    const forbidden = await shop.api.post('/v1/refunds', key, { payment: 'x' });
    assert.equal((await logged(forbidden)).code, 'permission_denied');
    const invalid = await shop.post('/v1/customers', { colour: 'red' });
    assert.equal((await logged(invalid)).code, 'invalid_request');
    const missing = await shop.get('/v1/payments/pay_1111111111111111111111');
    const entry = await logged(missing);
    assert.deepEqual([entry.path, entry.object_id], ['/v1/payments/:id', null]);
  });

  it('leaves out reads that succeeded, and never has what a caller made up', async () => {
    const read = await shop.get('/v1/payments?reference=made-up-words');
    const odd = await shop.get('/v1/payments/made-up-words');
    const unknown = await shop.get('/v1/made-up-words');
    const marker = await shop.post('/v1/customers', { name: 'made-up-words' });
    await logged(marker);
    const client = await shop.connect('control');
    const { rows } = await client.query('SELECT row_to_json(r)::text AS text FROM api_requests r');
    await client.end();
    const text = rows.map((row) => row.text).join();
    for (const answer of [read, unknown]) assert.ok(!text.includes(idOf(answer)));
    assert.ok(text.includes(idOf(odd)));
    assert.ok(!text.includes('made-up-words'));
  });

  it('filters by outcome and method', async () => {
    const { data } = (await shop.get('/v1/requests?status=4xx&method=POST&limit=100')).body;
    assert.ok(data.length >= 4);
    for (const row of data) assert.ok(row.method === 'POST' && row.status >= 400);
  });

  it('shows nothing of another organization or mode', async () => {
    const other = await shop.operator.createOrganization('Other');
    const foreign = await shop.operator.mint(other);
    const live = await shop.operator.mint(shop.organization, { mode: 'live' });
    for (const { key } of [foreign, live]) {
      assert.deepEqual((await shop.api.get('/v1/requests', key)).body.data, []);
    }
  });

  it('shows what was asked about people only to who may see them', async () => {
    const client = await shop.connect('control');
    const { organization } = shop;
    const roles = { test: 'owner', live: 'owner' };
    const owner = await signedIn(shop.api, client, { organization, roles });
    await client.end();
    const path = `/v1/members/${owner.member}/end_sessions`;
    const asked = await owner.call('POST', path, { mode: 'test', body: {} });
    const paid = await owner.call('POST', '/v1/customers', { mode: 'test', body: {} });
    const seen = await eventually(async () => {
      const { body } = await owner.get('/v1/requests', 'test');
      return body.data[0]?.id === idOf(paid) ? body.data : undefined;
    }, 'entries');
    assert.deepEqual([seen[1].id, seen[1].path], [idOf(asked), path]);
    assert.equal(typeof seen[0].actor.name, 'string');
    const [first, second] = (await shop.get('/v1/requests')).body.data;
    assert.deepEqual([first.id, first.actor.name], [idOf(paid), null]);
    assert.notEqual(second.id, idOf(asked));
  });

  it('tells of a flood once, and loses nothing when the server is stopped', async () => {
    const { key } = await shop.operator.mint(shop.organization, { rate_limit: 1 });
    const flood = Array.from({ length: 200 }, () => shop.api.post('/v1/customers', key, {}));
    const answers = await Promise.all(flood);
    assert.ok(answers.filter(({ status }) => status === 429).length > 150);
    const last = await shop.post('/v1/customers', {});
    await shop.processes.server.stop();
    await shop.processes.server.start();
    assert.equal((await logged(last)).status, 201);
    const { data } = (await shop.get('/v1/requests?status=4xx&limit=100')).body;
    const slowed = data.filter((row: Record<string, unknown>) => row['status'] === 429);
    assert.ok(slowed.length >= 1 && slowed.length < 10, `${slowed.length}`);
  });

  it('is cleared of what is older than 30 days', async () => {
    const client = await shop.connect('control');
    await client.query("UPDATE api_requests SET created_at = now() - interval '31 days'");
    await shop.processes.worker.stop();
    await shop.processes.worker.start();
    await eventually(async () => {
      const { rows } = await client.query('SELECT count(*)::integer AS count FROM api_requests');
      return rows[0].count === 0 ? true : undefined;
    }, 'clearing');
    await client.end();
  });
});
