import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
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
const none = {
  latency_ms: 0,
  outage: false,
  drop_after_charge_ratio: 0,
  not_recorded_drop_ratio: 0,
};

after(endLeftovers);

describe('faults', () => {
  let home: Home;
  let running: Running;
  let client: Client;
  const set = (body: unknown) => client.call('/v1/faults', { method: 'PUT', body });
  before(async () => {
    home = await createHome();
    running = await start(home);
    client = running.client;
  });
  afterEach(async () => {
    await set({});
  });
  after(async () => {
    await end(running);
    home.remove();
  });

  it('are none at first, are shown, and are replaced as a whole', async () => {
    assert.deepEqual((await client.get('/v1/faults')).body, none);
    const { status, body } = await set({ latency_ms: 5, outage: true });
    assert.equal(status, 200);
    assert.deepEqual(body, { ...none, latency_ms: 5, outage: true });
    assert.deepEqual((await client.get('/v1/faults')).body, body);
    await set({ drop_after_charge_ratio: 0.5 });
    assert.deepEqual((await client.get('/v1/faults')).body, {
      ...none,
      drop_after_charge_ratio: 0.5,
    });
  });

  it('refuse what they cannot be, and stay as they were', async () => {
    for (const wrong of [
      { latency_ms: -1 },
      { latency_ms: 30_001 },
      { outage: 'yes' },
      { drop_after_charge_ratio: 1.1 },
      { not_recorded_drop_ratio: -0.1 },
      { other: 1 },
    ]) {
      assert.equal((await set(wrong)).status, 400, JSON.stringify(wrong));
    }
    assert.deepEqual((await client.get('/v1/faults')).body, none);
  });

  it('outage: 503, nothing done, but control and /livez answer', async () => {
    const id = await charged(client, good);
    await set({ outage: true });
    const sent = chargeBody(good);
    const refund = operationBody(5);
    for (const reply of await Promise.all([
      client.post('/v1/charges', sent),
      client.post(`/v1/charges/${id}/refunds`, refund),
      statusOf(client, sent.idempotency_key),
    ])) {
      assert.equal(reply.status, 503);
      assert.deepEqual(reply.body, { error: 'outage' });
    }
    assert.equal((await client.get('/livez')).status, 200);
    assert.equal((await client.get('/v1/charges')).status, 200);
    await set({});
    for (const key of [sent.idempotency_key, refund.idempotency_key]) {
      assert.equal((await statusOf(client, key)).status, 404);
    }
  });

  it('drop after charge: done, unanswered, and answered when repeated', async () => {
    const id = await charged(client, good, { capture: false });
    await set({ drop_after_charge_ratio: 1 });
    const charge = chargeBody(good);
    const capture = operationBody(5);
    for (const [path, body] of [
      ['/v1/charges', charge],
      [`/v1/charges/${id}/capture`, capture],
    ] as const) {
      await assert.rejects(client.post(path, body), { code: 'ECONNRESET' });
      assert.equal((await statusOf(client, body.idempotency_key)).body.found, true);
      assert.equal((await client.post(path, body)).status, 200);
    }
  });

  it('not recorded drop: unanswered, not done', async () => {
    await set({ not_recorded_drop_ratio: 1 });
    const sent = chargeBody(good);
    await assert.rejects(client.post('/v1/charges', sent), { code: 'ECONNRESET' });
    assert.equal((await statusOf(client, sent.idempotency_key)).status, 404);
  });

  it('ratios: a part is dropped, and what was dropped is known exactly', async () => {
    await set({ drop_after_charge_ratio: 0.3, not_recorded_drop_ratio: 0.3 });
    const sent = Array.from({ length: 200 }, () => chargeBody(good));
    const answered = await Promise.allSettled(sent.map((body) => client.post('/v1/charges', body)));
    await set({});
    const found = await Promise.all(sent.map((body) => statusOf(client, body.idempotency_key)));
    const count = { answered: 0, lostAnswer: 0, notRecorded: 0 };
    for (const [index, reply] of found.entries()) {
      const fulfilled = answered[index]?.status === 'fulfilled';
      if (fulfilled) assert.equal(reply.body.found, true);
      if (fulfilled) count.answered += 1;
      else if (reply.body.found) count.lostAnswer += 1;
      else count.notRecorded += 1;
    }
    for (const number of Object.values(count)) assert.ok(number > 10, JSON.stringify(count));
  });

  it('latency: the answer comes after the work is done', async () => {
    const order: string[] = [];
    await set({ latency_ms: 1_000 });
    const sent = chargeBody(good);
    const late = client.post('/v1/charges', sent).then(() => order.push('answered'));
    let listed = await client.get('/v1/charges');
    while (listed.body.data[0]?.idempotency_key !== sent.idempotency_key) {
      listed = await client.get('/v1/charges');
    }
    order.push('recorded');
    await late;
    assert.deepEqual(order, ['recorded', 'answered']);
  });
});
