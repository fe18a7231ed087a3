import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { clock } from '../core/clock.ts';
import { openDatabase } from '../core/db.ts';
import { createLog } from '../core/log.ts';
import { newId } from '../core/random.ts';
import { startReceiver } from '../egress/test-support.ts';
import { type Claim, type ClaimRequest, claim } from './claim.ts';
import { endpointsMax } from './create-endpoint.ts';
import { fanOut } from './fan-out.ts';
import { listEvents } from './list-events.ts';
import { settle } from './settle.ts';
import { openWorkshop, until, type Workshop } from './test-support.ts';

let shop: Workshop;
const url = 'https://localhost:9443/';

before(async () => {
  shop = await openWorkshop();
});
after(() => shop.close());

const request: ClaimRequest = {
  queue: 'fresh',
  limit: 100,
  leaseMs: 60_000,
  from: '',
  room: new Map(),
  roomOfOthers: 100,
};
const take = (more: Partial<ClaimRequest> = {}) =>
  claim(shop.db, { ...request, ...more }, clock.monotonicMs());

/** Transactions of other tests in the same cluster hold the horizon back, too. */
async function horizonPassed(): Promise<void> {
  const text = `SELECT coalesce(bool_and(xid < pg_snapshot_xmin(pg_current_snapshot())), true)
    AS passed FROM events`;
  await until(async () => ((await shop.admin.query(text)).rows[0].passed ? true : undefined));
}

async function fanOutAll(): Promise<void> {
  await horizonPassed();
  await fanOutVisible();
}

async function fanOutVisible(): Promise<void> {
  while ((await fanOut(shop.db)).events > 0);
}

async function clear(): Promise<void> {
  await shop.admin.query('TRUNCATE webhook_endpoints, webhook_queue, webhook_retries');
}

const outcome = (taken: Claim, result: 'succeeded' | 'retry' | 'released') => ({
  claim: taken,
  result,
  attempt:
    result === 'released'
      ? undefined
      : {
          startedAt: new Date(clock.nowMs()).toISOString(),
          durationMs: 1,
          status: 200,
          error: null,
          response: 'ok',
        },
  retryInMs: result === 'retry' ? 0 : undefined,
});

/** An event whose transaction is open: it has its place in the order, and nobody sees it. */
async function openEvent(id = newId('event')) {
  const client = new pg.Client({ connectionString: shop.urls.writeUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO events (organization_id, id, mode, type, object_id, sequence, api_version, data)
     VALUES ($1, $2, 'test', 'customer.created', $3, 1, '2026-11-23', '{}')`,
    [shop.organization, id, newId('customer')],
  );
  return {
    id,
    commit: async () => {
      await client.query('COMMIT');
      await client.end();
    },
  };
}

async function deliveredEvents(): Promise<string[]> {
  const { rows } = await shop.admin.query<{ event_id: string }>(
    'SELECT d.event_id FROM webhook_queue JOIN webhook_deliveries d ON d.id = delivery_id',
  );
  return rows.map(({ event_id }) => event_id);
}

describe('fan-out', { timeout: 60_000 }, () => {
  it('does not lose an event that is committed after a later one', async () => {
    await clear();
    await shop.endpoint({ url });
    await fanOutAll();
    const before = (await listEvents(shop.context(), { limit: 1 })).data[0]?.id ?? '';
    const first = await openEvent();
    await first.commit();
    await horizonPassed();
    const late = await openEvent();
    const early = await openEvent();
    await early.commit();
    const seen = async () => {
      const { data } = await listEvents(shop.context(), { before });
      return data.map(({ id }) => id);
    };
    await fanOutVisible();
    assert.deepEqual(await deliveredEvents(), [first.id], 'none passes an open transaction');
    assert.deepEqual(await seen(), [first.id]);
    await late.commit();
    await fanOutAll();
    assert.deepEqual((await deliveredEvents()).sort(), [first.id, late.id, early.id].sort());
    assert.deepEqual(await seen(), [early.id, late.id, first.id], 'newest first');
  });

  it('makes one delivery of each event however many workers are at it', async () => {
    await clear();
    const endpoints = await Promise.all([0, 1, 2].map(() => shop.endpoint({ url })));
    await fanOutAll();
    await clear();
    await shop.admin.query(
      `INSERT INTO webhook_endpoints (organization_id, id, mode, url, events, api_version,
         secret_sealed, created_at)
       SELECT $1, id, 'test', '${url}', '{*}', '2026-11-23', '\\x01', now() - interval '1 hour'
       FROM unnest($2::text[]) AS id`,
      [shop.organization, endpoints.map(({ id }) => id)],
    );
    let writing = true;
    const reading = [0, 1, 2, 3].map(async () => {
      while (writing) await fanOut(shop.db);
    });
    await Promise.all(Array.from({ length: 300 }, () => shop.emit()));
    writing = false;
    await Promise.all(reading);
    await fanOutAll();
    const delivered = await deliveredEvents();
    assert.equal(delivered.length, 900);
    assert.equal(new Set(delivered).size, 300);
  });
});

describe('claims', { timeout: 60_000 }, () => {
  before(clear);

  it('of many workers at once never meet, and leave nothing out', async () => {
    await shop.endpoint({ url });
    await Promise.all(Array.from({ length: 200 }, () => shop.emit()));
    await fanOutAll();
    const log = createLog('silent', 'test');
    const other = openDatabase({ ...shop.urls, pool: 10, name: 'other', log, indexesOnly: true });
    const claims = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        claim(index % 2 ? other : shop.db, { ...request, limit: 20 }, clock.monotonicMs()),
      ),
    );
    await other.close();
    const taken = [...claims.flat(), ...(await take({ limit: 1_000, roomOfOthers: 1_000 }))];
    const ids = taken.map(({ delivery }) => delivery);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.length >= 200);
    assert.equal(new Set(taken.map(({ generation }) => generation)).size, taken.length);
  });

  it('take turns among endpoints, as many of each as there is room', async () => {
    await clear();
    const [busy, quiet] = [await shop.endpoint({ url }), await shop.endpoint({ url })];
    await Promise.all(Array.from({ length: 20 }, () => shop.emit()));
    await fanOutAll();
    const room = new Map([[busy.id, 1]]);
    const taken = await take({ room, roomOfOthers: 3 });
    const count = (endpoint: string) => taken.filter((one) => one.endpoint === endpoint).length;
    assert.deepEqual([count(busy.id), count(quiet.id)], [1, 3]);
    const [first, second] = [busy.id, quiet.id].sort();
    const next = await take({
      limit: 2,
      from: first ?? '',
    });
    assert.ok(next.every(({ endpoint }) => endpoint === second));
  });

  it('can be settled only by whoever holds them', async () => {
    await clear();
    await shop.endpoint({ url });
    await shop.emit();
    await fanOutAll();
    const [slow] = await take({ leaseMs: 0 });
    const [quick] = await take();
    assert.ok(slow !== undefined && quick !== undefined);
    assert.equal(slow.delivery, quick.delivery, 'the lease had run out');
    assert.deepEqual(await take(), [], 'the new lease has not');
    assert.equal((await settle(shop.db, [outcome(slow, 'succeeded')])).size, 0);
    assert.equal((await shop.delivery(slow.delivery)).status, 'pending');
    assert.equal((await settle(shop.db, [outcome(quick, 'retry')])).size, 1);
    const [again] = await take({ queue: 'retry' });
    assert.ok(again !== undefined && again.attempts === 1);
    for (const stale of [slow, quick]) {
      assert.equal((await settle(shop.db, [outcome(stale, 'succeeded')])).size, 0);
    }
    assert.equal((await settle(shop.db, [outcome(again, 'released')])).size, 0);
    const [last] = await take({ queue: 'retry' });
    assert.ok(last !== undefined, 'what was given back can be claimed at once');
    assert.equal((await settle(shop.db, [outcome(last, 'succeeded')])).size, 1);
    const { status, attempts } = await shop.delivery(slow.delivery);
    assert.equal(status, 'succeeded');
    assert.deepEqual(
      attempts.map(({ number }) => number),
      [1, 2],
    );
  });
});

describe('a hanging endpoint', { timeout: 120_000 }, () => {
  it('does not hold up others', async () => {
    await clear();
    await fanOutAll();
    const hanging = await startReceiver(shop.certificate, () => undefined);
    const well = await startReceiver(shop.certificate);
    for (let index = 0; index < 8; index += 1) {
      await shop.endpoint({ url: `${hanging.url}${index}` }, shop.context('test', shop.stranger));
      await shop.endpoint({ url: `${hanging.url}x${index}` });
      if (index < 6) await shop.endpoint({ url: `${well.url}${index}` });
    }
    const emitted = 20;
    for (let index = 0; index < emitted; index += 1) {
      await shop.emit('customer.created', shop.context('test', shop.stranger));
      await shop.emit();
    }
    // Nothing that hangs can end before the healthy ones are through.
    const worker = shop.work({ timeoutMs: 60_000 });
    while (well.received.length < 6 * emitted) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const { rows } = await shop.admin.query(
      'SELECT count(*)::int AS count FROM webhook_attempts a WHERE a.status IS NULL',
    );
    assert.equal(rows[0]?.count, 0, 'nobody waited for the hanging ones to time out');
    await hanging.close();
    await worker.stop();
    await well.close();
  });
});

describe('the limit of endpoints', { timeout: 60_000 }, () => {
  it('holds when they are created all at once', async () => {
    await clear();
    const made = await Promise.allSettled(Array.from({ length: 40 }, () => shop.endpoint({ url })));
    const well = made.filter(({ status }) => status === 'fulfilled');
    assert.equal(well.length, endpointsMax);
    for (const one of made) {
      if (one.status === 'rejected') assert.equal(one.reason.code, 'endpoint_limit_reached');
    }
    await assert.doesNotReject(shop.endpoint({ url }, shop.context('live')));
    await assert.doesNotReject(shop.endpoint({ url }, shop.context('test', shop.stranger)));
  });
});
