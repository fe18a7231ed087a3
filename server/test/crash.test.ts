import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningCluster, startCluster } from '../../tools/harness/cluster.ts';
import type { ProcessName } from '../../tools/harness/processes.ts';
import {
  startWebhookReceiver,
  type WebhookReceiver,
} from '../../tools/harness/webhook-receiver.ts';
import { eventually, openShop, type Shop } from './shop.ts';

/**
 * Server, worker, vault and PostgreSQL are killed at random moments while payments are made; then
 * every payment and every event is accounted for: none lost, none doubled.
 */
const killCount = 8;
const payers = 4;

let running: RunningCluster;
let shop: Shop;
let receiver: WebhookReceiver;

before(async () => {
  // Its own cluster: PostgreSQL itself will be killed, and must keep what it confirmed.
  running = await startCluster({ durable: true });
  shop = await openShop({
    cluster: running.cluster,
    settings: {
      PAYOS_RESOLVE_AFTER_MS: '300',
      PAYOS_PROCESSOR_TIMEOUT_MS: '3000',
      PAYOS_WEBHOOK_RETRY_SCALE: '1',
      PAYOS_WEBHOOK_TIMEOUT_MS: '2000',
    },
  });
  receiver = await startWebhookReceiver(running.cluster.certificates);
  const made = await shop.post('/v1/webhook_endpoints', { url: receiver.url });
  assert.equal(made.status, 201, made.text);
  receiver.expect(made.body.secret);
});
after(async () => {
  await shop?.stop();
  await receiver?.stop();
  await running?.stop();
});

/** What a careful merchant does: the same key until there is an answer. */
async function payCarefully(reference: string): Promise<void> {
  const token = await retry(() => shop.tokenize());
  const call = {
    key: shop.secret,
    body: { amount: 1000 + randomInt(1000), currency: 'EUR', token, reference },
    headers: { 'idempotency-key': randomUUID() },
  };
  await retry(async () => {
    const answer = await shop.api.call('POST', '/v1/payments', call);
    // 409 while the first try is under way or its lease runs; 5xx while something is down.
    if (answer.status === 409 && answer.body.code === 'idempotency_conflict')
      throw new Error('wait');
    if (answer.status >= 500 && answer.body.payment === undefined) throw new Error('down');
    return answer;
  });
}

async function retry<T>(work: () => Promise<T>): Promise<T> {
  const end = performance.now() + 60_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(50 + randomInt(100));
    }
  }
}

async function killAtRandom(): Promise<void> {
  const victims: (ProcessName | 'postgres')[] = ['server', 'worker', 'vault', 'postgres'];
  for (let count = 0; count < killCount; count += 1) {
    await sleep(100 + randomInt(500));
    const victim = victims[count % victims.length] ?? 'server';
    if (victim === 'postgres') await running.crashAndRestart();
    else {
      await shop.processes[victim].kill();
      await shop.processes[victim].start();
    }
  }
}

type Charge = { idempotency_key: string; status: string };

async function allCharges(): Promise<Charge[]> {
  const found: Charge[] = [];
  for (let after = ''; ; ) {
    const path = `/v1/charges?limit=1000${after}`;
    const { body } = await shop.simulator.get(path, shop.simulatorSecret);
    found.push(...(body.data as Charge[]));
    if (body.data.length < 1000) return found;
    after = `&after=${body.data.at(-1).id}`;
  }
}

describe('killing processes under load', () => {
  let made = 0;

  it('goes on until the last payment has an answer', { timeout: 180_000 }, async () => {
    let killing = true;
    const load = Array.from({ length: payers }, async (_, payer) => {
      while (killing) {
        made += 1;
        await payCarefully(`crash-${payer}-${made}`);
      }
    });
    try {
      await killAtRandom();
    } finally {
      killing = false;
    }
    await Promise.all(load);
    assert.ok(made > killCount, `${made} payments`);
  });

  it('left every payment with exactly one charge and an outcome', {
    timeout: 180_000,
  }, async () => {
    const control = await shop.connect('control');
    try {
      await eventually(
        async () => {
          const text = "SELECT count(*)::int AS n FROM payments WHERE status = 'processing'";
          return (await control.query(text)).rows[0].n === 0 ? true : undefined;
        },
        'settling every payment',
        90,
      );
      const { rows: payments } = await control.query(
        `SELECT p.id, p.reference, p.status, a.id AS attempt, a.state
         FROM payments p JOIN attempts a ON a.payment_id = p.id`,
      );
      const references = payments.map((payment) => payment.reference);
      assert.equal(new Set(references).size, references.length, 'a payment was made twice');
      const charges = await allCharges();
      const charged = new Map(charges.map((charge) => [charge.idempotency_key, charge.status]));
      assert.equal(charged.size, charges.length, 'a charge was made twice');
      for (const payment of payments) {
        const expected = payment.status === 'succeeded' ? 'captured' : undefined;
        assert.equal(charged.get(payment.attempt), expected, JSON.stringify(payment));
        charged.delete(payment.attempt);
      }
      assert.deepEqual([...charged], [], 'a charge that no payment knows of');
    } finally {
      await control.end();
    }
  });

  it('left every event delivered, in a gap-free order per payment', {
    timeout: 180_000,
  }, async () => {
    const control = await shop.connect('control');
    try {
      const { rows: events } = await control.query(
        "SELECT id, object_id, sequence, type FROM events WHERE type LIKE 'payment.%'",
      );
      await eventually(
        async () => {
          const arrived = new Set(receiver.received.map((one) => one.webhookId));
          return events.every((event) => arrived.has(event.id)) ? true : undefined;
        },
        'delivering every event',
        60,
      );
      assert.ok(receiver.received.every((one) => one.verified && one.event.id === one.webhookId));
      const byPayment = Map.groupBy(events, (event) => event.object_id);
      for (const list of byPayment.values()) {
        const sequence = list.map((event) => event.sequence).sort((a, b) => a - b);
        assert.deepEqual(
          sequence,
          sequence.map((_, index) => index + 1),
        );
        const final = list.filter((event) => event.type !== 'payment.processing');
        assert.equal(final.length, 1, JSON.stringify(list));
      }
      const { rows } = await control.query('SELECT count(*)::int AS n FROM payments');
      assert.equal(byPayment.size, rows[0].n, 'a payment without an event');
      const known = new Set(events.map((event) => event.id));
      const strangers = receiver.received.filter(
        (one) => one.event.type.startsWith('payment.') && !known.has(one.webhookId),
      );
      assert.deepEqual(strangers, [], 'an event was delivered that was never committed');
    } finally {
      await control.end();
    }
  });
});
