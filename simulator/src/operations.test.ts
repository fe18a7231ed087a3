import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { chargeBody, charged, operationBody, statusOf } from './testing/charges.ts';
import type { Client } from './testing/client.ts';
import {
  createHome,
  end,
  endLeftovers,
  type Home,
  type Running,
  start,
} from './testing/simulator.ts';

const good = '4242424242424242';
const fifty = Array.from({ length: 50 }, (_, index) => index);
let home: Home;
let running: Running;
let client: Client;

before(async () => {
  home = await createHome();
  running = await start(home);
  client = running.client;
});
after(async () => {
  await end(running);
  home.remove();
});
after(endLeftovers);

/** The charge as it is now. */
async function chargeNow(id: string) {
  const { body } = await client.get('/v1/charges?limit=1000');
  const charge = body.data.find((entry) => entry.id === id);
  assert.ok(charge);
  return charge;
}

const capture = (id: string, amount: number) =>
  client.post(`/v1/charges/${id}/capture`, operationBody(amount));
const refund = (id: string, amount: number) =>
  client.post(`/v1/charges/${id}/refunds`, operationBody(amount));
const cancel = (id: string) =>
  client.post(`/v1/charges/${id}/void`, { idempotency_key: operationBody(1).idempotency_key });

describe('idempotency', () => {
  it('charges once under 50 parallel posts with one key', async () => {
    const sent = chargeBody(good);
    const replies = await Promise.all(fifty.map(() => client.post('/v1/charges', sent)));
    for (const { status, body } of replies) {
      assert.equal(status, 200);
      assert.deepEqual(body, replies[0]?.body);
    }
    const { body } = await client.get('/v1/charges?limit=1000');
    const made = body.data.filter((entry) => entry.idempotency_key === sent.idempotency_key);
    assert.equal(made.length, 1);
  });

  it('gives the first answer of a charge, whatever happened since', async () => {
    const sent = chargeBody(good, { capture: false });
    const first = await client.post('/v1/charges', sent);
    await capture(first.body.id, 1999);
    await refund(first.body.id, 500);
    assert.deepEqual((await client.post('/v1/charges', sent)).body, first.body);
    const { body } = await statusOf(client, sent.idempotency_key);
    assert.equal(body.charge.status, 'captured');
    assert.equal(body.charge.amount_refunded, 500);
  });

  it('refunds once under 50 parallel posts with one key', async () => {
    const id = await charged(client, good);
    const sent = operationBody(100);
    const path = `/v1/charges/${id}/refunds`;
    const replies = await Promise.all(fifty.map(() => client.post(path, sent)));
    for (const { body } of replies) assert.deepEqual(body, replies[0]?.body);
    assert.equal((await chargeNow(id)).amount_refunded, 100);
  });

  it('gives the first answer of a failed operation too', async () => {
    const id = await charged(client, good, { capture: false });
    const sent = operationBody(100);
    const first = await client.post(`/v1/charges/${id}/refunds`, sent);
    assert.equal(first.body.error, 'not_captured');
    await capture(id, 1999);
    const again = await client.post(`/v1/charges/${id}/refunds`, sent);
    assert.deepEqual(again.body, first.body);
    assert.equal((await chargeNow(id)).amount_refunded, 0);
  });

  it('refuses a key that was used for something else', async () => {
    const sent = chargeBody(good);
    const id = (await client.post('/v1/charges', sent)).body.id;
    const other = await charged(client, good);
    const refunding = operationBody(10);
    await client.post(`/v1/charges/${id}/refunds`, refunding);
    const misuses = [
      client.post(`/v1/charges/${id}/refunds`, { ...refunding, ...keyOf(sent) }),
      client.post(`/v1/charges/${other}/refunds`, refunding),
      client.post(`/v1/charges/${id}/capture`, refunding),
      client.post('/v1/charges', { ...sent, ...keyOf(refunding) }),
    ];
    for (const { status, body } of await Promise.all(misuses)) {
      assert.equal(status, 400);
      assert.deepEqual(body, { error: 'idempotency_key_reused' });
    }
    assert.equal((await chargeNow(other)).amount_refunded, 0);
  });
});

function keyOf({ idempotency_key }: { idempotency_key: string }) {
  return { idempotency_key };
}

describe('captures', () => {
  it('takes a part of what was authorized, once', async () => {
    const id = await charged(client, good, { capture: false });
    const { body } = await capture(id, 1500);
    assert.match(body.id, /^op_/);
    const { id: operation, ...rest } = body;
    assert.ok(operation);
    const expected = { charge: id, kind: 'capture', status: 'succeeded', amount: 1500 };
    assert.deepEqual(rest, { ...expected, error: null });
    assert.equal((await capture(id, 100)).body.error, 'already_captured');
    assert.equal((await chargeNow(id)).amount_captured, 1500);
  });

  it('takes no more than was authorized', async () => {
    const id = await charged(client, good, { capture: false });
    const { body } = await capture(id, 2000);
    assert.equal(body.status, 'failed');
    assert.equal(body.error, 'amount_too_large');
    assert.equal((await chargeNow(id)).status, 'authorized');
  });

  it('happens once among 50 in parallel', async () => {
    const id = await charged(client, good, { capture: false });
    const replies = await Promise.all(fifty.map(() => capture(id, 1000)));
    assert.equal(replies.filter(({ body }) => body.status === 'succeeded').length, 1);
  });

  it('fails on what was captured, declined or canceled', async () => {
    assert.equal((await capture(await charged(client, good), 1)).body.error, 'already_captured');
    const declined = await charged(client, '4000000000000002', { capture: false });
    assert.equal((await capture(declined, 1)).body.error, 'declined');
    const canceled = await charged(client, good, { capture: false });
    await cancel(canceled);
    assert.equal((await capture(canceled, 1)).body.error, 'canceled');
  });
});

describe('voids', () => {
  it('lets go of an authorization', async () => {
    const id = await charged(client, good, { capture: false });
    const { body } = await cancel(id);
    assert.equal(body.kind, 'void');
    assert.equal(body.status, 'succeeded');
    assert.equal(body.amount, 1999);
    assert.equal((await chargeNow(id)).status, 'canceled');
    assert.equal((await cancel(id)).body.error, 'canceled');
  });

  it('fails on what was captured or declined', async () => {
    assert.equal((await cancel(await charged(client, good))).body.error, 'already_captured');
    const declined = await charged(client, '4000000000000002');
    assert.equal((await cancel(declined)).body.error, 'declined');
  });

  it('never happens together with a capture', async () => {
    const id = await charged(client, good, { capture: false });
    const both = await Promise.all(fifty.flatMap(() => [capture(id, 1999), cancel(id)]));
    assert.equal(both.filter(({ body }) => body.status === 'succeeded').length, 1);
  });
});

describe('refunds', () => {
  it('never exceed what was captured, 50 in parallel', async () => {
    const id = await charged(client, good, { capture: false });
    await capture(id, 1000);
    const replies = await Promise.all(fifty.map(() => refund(id, 70)));
    const done = replies.filter(({ body }) => body.status === 'succeeded');
    assert.equal(done.length, 14);
    const failed = replies.filter(({ body }) => body.status === 'failed');
    assert.ok(failed.every(({ body }) => body.error === 'amount_too_large'));
    assert.equal(failed.length, 36);
    assert.equal((await chargeNow(id)).amount_refunded, 980);
    assert.equal((await refund(id, 20)).body.status, 'succeeded');
    assert.equal((await refund(id, 1)).body.error, 'amount_too_large');
  });

  it('fail on what was not captured', async () => {
    const authorized = await charged(client, good, { capture: false });
    assert.equal((await refund(authorized, 1)).body.error, 'not_captured');
    await cancel(authorized);
    assert.equal((await refund(authorized, 1)).body.error, 'canceled');
    const declined = await charged(client, '4000000000000002');
    assert.equal((await refund(declined, 1)).body.error, 'declined');
  });

  it('are found by the status query', async () => {
    const id = await charged(client, good);
    const sent = operationBody(300);
    const { body } = await client.post(`/v1/charges/${id}/refunds`, sent);
    const found = await statusOf(client, sent.idempotency_key);
    assert.equal(found.body.kind, 'refund');
    assert.deepEqual(found.body.operation, body);
    assert.equal(found.body.charge.id, id);
    assert.equal(found.body.charge.amount_refunded, 300);
  });
});

describe('list of charges', () => {
  it('pages through everything, newest first', async () => {
    for (const _ of [1, 2, 3, 4, 5]) await charged(client, good);
    const all = (await client.get('/v1/charges?limit=1000')).body;
    assert.equal(all.has_more, false);
    assert.equal(all.next, null);
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const { body } = await client.get(`/v1/charges?limit=2${next && `&after=${next}`}`);
      assert.ok(body.data.length <= 2);
      seen.push(...body.data.map(({ id }) => id));
      next = body.next;
    }
    assert.deepEqual(
      seen,
      all.data.map(({ id }) => id),
    );
  });

  it('refuses what is not a limit or an id', async () => {
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'limit=-1', 'after=ch_nothing']) {
      assert.equal((await client.get(`/v1/charges?${query}`)).status, 400, query);
    }
  });
});
