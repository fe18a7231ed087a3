import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import type { CardDataFound } from '../core/card-data.ts';
import { type Received, type Receiver, startReceiver } from '../egress/test-support.ts';
import { listEvents } from './list-events.ts';
import { resendDelivery } from './resend-delivery.ts';
import { openWorkshop, until, type Workshop } from './test-support.ts';

let shop: Workshop;
const told: CardDataFound[] = [];
const open: { close(): Promise<void> }[] = [];

before(async () => {
  shop = await openWorkshop();
  shop.work({ onCardData: (found) => told.push(found) });
});
afterEach(async () => {
  await shop.admin.query(
    `UPDATE webhook_endpoints SET deleted_at = now() WHERE deleted_at IS NULL`,
  );
  for (const thing of open.splice(0)) await thing.close();
});
after(() => shop.close());

async function receiver(
  ...args: Parameters<typeof startReceiver> extends [unknown, ...infer R] ? R : never
): Promise<Receiver> {
  const started = await startReceiver(shop.certificate, ...args);
  open.push(started);
  return started;
}

type DeliveryFact = { id: string; status: string; attempt_count: number; endpoint_id: string };

async function deliveriesOf(object: string): Promise<DeliveryFact[]> {
  const { rows } = await shop.admin.query<DeliveryFact>(
    `SELECT d.id, d.status, d.attempt_count, d.endpoint_id FROM webhook_deliveries d
     JOIN events e ON e.id = d.event_id WHERE e.object_id = $1 ORDER BY d.id`,
    [object],
  );
  return rows;
}

/** The only delivery about an object, once it is over. */
function finished(object: string): Promise<DeliveryFact> {
  return until(async () => {
    const [only] = await deliveriesOf(object);
    return only !== undefined && only.status !== 'pending' ? only : undefined;
  });
}

/** The specification in five lines, sharing nothing with the code under test. */
function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const head = `${headers['webhook-id']}.${headers['webhook-timestamp']}.`;
  const mac = createHmac('sha256', key).update(Buffer.concat([Buffer.from(head), body]));
  return headers['webhook-signature'] === `v1,${mac.digest('base64')}`;
}

describe('the webhook worker', { timeout: 120_000 }, () => {
  it('delivers an event, signed, as the API shows it', async () => {
    const { url, received } = await receiver();
    const { secret } = await shop.endpoint({ url });
    const object = await shop.emit();
    const { id, status } = await finished(object);
    assert.equal(status, 'succeeded');
    const [got] = received;
    assert.ok(got !== undefined && isSigned(got, secret));
    assert.ok(!isSigned(got, `whsec_${Buffer.alloc(32).toString('base64')}`));
    assert.equal(got.headers['content-type'], 'application/json');
    assert.equal(got.headers['user-agent'], 'PayOS-Webhooks/1');
    const event = JSON.parse(got.body.toString());
    assert.equal(got.headers['webhook-id'], event.id);
    assert.equal(event.data.note, 'Grüße 🎉');
    const page = await listEvents(shop.context(), { object });
    assert.deepEqual(page.data, [event]);
    const shown = await shop.delivery(id);
    assert.equal(shown.attempts.length, 1);
    assert.deepEqual(
      [shown.attempts[0]?.number, shown.attempts[0]?.status, shown.attempts[0]?.response],
      [1, 200, 'ok'],
    );
    assert.equal(shown.next_attempt_at, null);
  });

  it('sends only what the endpoint asked for, in its own organization and mode', async () => {
    const mine = await receiver();
    const others = await receiver();
    await shop.endpoint({ url: mine.url, events: ['payment.succeeded'] });
    await shop.endpoint({ url: others.url }, shop.context('live'));
    await shop.endpoint({ url: others.url }, shop.context('test', shop.stranger));
    const ignored = await shop.emit('payment.failed');
    const wanted = await shop.emit('payment.succeeded');
    await finished(wanted);
    assert.deepEqual(await deliveriesOf(ignored), []);
    assert.equal((await deliveriesOf(wanted)).length, 1);
    const types = mine.received.map(({ body }) => JSON.parse(body.toString()).type);
    assert.deepEqual(types, ['payment.succeeded']);
    assert.equal(others.received.length, 0);
  });

  it('does not send an endpoint what happened before it was there', async () => {
    const { url, received } = await receiver();
    const early = await shop.emit();
    await shop.endpoint({ url });
    const late = await shop.emit();
    await finished(late);
    assert.deepEqual(await deliveriesOf(early), []);
    assert.equal(received.length, 1);
  });

  it('tries again with the same bytes and id until it arrives', async () => {
    const answers = [500, 302, 404];
    const { url, received } = await receiver((_request, response) => {
      const status = answers.shift() ?? 204;
      response.writeHead(status, status === 302 ? { location: 'https://localhost:1/' } : {}).end();
    });
    const { secret } = await shop.endpoint({ url });
    const { status, attempt_count, id } = await finished(await shop.emit());
    assert.deepEqual([status, attempt_count], ['succeeded', 4]);
    assert.equal(new Set(received.map(({ body }) => body.toString('hex'))).size, 1);
    assert.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 1);
    assert.ok(received.every((got) => isSigned(got, secret)));
    const { attempts } = await shop.delivery(id);
    assert.deepEqual(
      attempts.map((attempt) => attempt.status),
      [500, 302, 404, 204],
    );
  });

  it('gives up after ten attempts, and can be told to try once more', async () => {
    let down = true;
    const { url, received } = await receiver((_request, response) => {
      response.writeHead(down ? 503 : 200).end('x'.repeat(5_000));
    });
    await shop.endpoint({ url });
    // A schedule of 75 hours in a fraction of a second.
    const hurried = shop.work({ retryScale: 1e-7 });
    const object = await shop.emit();
    // Whichever worker takes it, the long waits are skipped.
    const nudging = setInterval(() => {
      void shop.admin.query('UPDATE webhook_retries SET due_at = now() WHERE due_at > now()');
    }, 50);
    const { id, status, attempt_count } = await finished(object);
    clearInterval(nudging);
    await hurried.stop();
    assert.deepEqual([status, attempt_count, received.length], ['failed', 10, 10]);
    const { attempts } = await shop.delivery(id);
    assert.ok(attempts.every(({ response }) => response === 'x'.repeat(2_048)));
    down = false;
    const again = await resendDelivery(shop.context(), id);
    assert.equal(again.status, 'pending');
    await until(async () => ((await shop.delivery(id)).status === 'succeeded' ? true : undefined));
    assert.equal((await shop.delivery(id)).attempts.at(-1)?.number, 11);
    const { rows } = await shop.admin.query(
      `SELECT actor_type FROM audit_log WHERE action = 'webhook_delivery.resend'`,
    );
    assert.equal(rows.length, 1);
  });

  it('switches an endpoint off that answers 410, and tells the others', async () => {
    const gone = await receiver((_request, response) => response.writeHead(410).end());
    const other = await receiver();
    const { id } = await shop.endpoint({ url: gone.url, events: ['payment.succeeded'] });
    await shop.endpoint({ url: other.url, events: ['webhook_endpoint.disabled'] });
    const delivery = await finished(await shop.emit('payment.succeeded'));
    assert.deepEqual([delivery.status, delivery.attempt_count], ['failed', 1]);
    const [told] = await until(() => (other.received.length > 0 ? other.received : undefined));
    const event = JSON.parse(told?.body.toString() ?? '');
    assert.deepEqual(
      [event.type, event.data.id, event.data.status, event.data.disabled_reason],
      ['webhook_endpoint.disabled', id, 'disabled', 'gone'],
    );
    const { rows } = await shop.admin.query(
      `SELECT actor_type, actor_id FROM audit_log
       WHERE action = 'webhook_endpoint.disable' AND object_id = $1`,
      [id],
    );
    assert.deepEqual(rows, [{ actor_type: 'system', actor_id: 'webhooks' }]);
  });

  it('switches an endpoint off after five days of failures, not before', async () => {
    const { url } = await receiver((_request, response) => response.writeHead(500).end());
    const { id } = await shop.endpoint({ url });
    const look = async () => {
      const { rows } = await shop.admin.query(
        'SELECT status, disabled_reason, failing_since FROM webhook_endpoints WHERE id = $1',
        [id],
      );
      return rows[0];
    };
    const age = (days: number) =>
      shop.admin.query(
        `UPDATE webhook_endpoints SET failing_since = now() - $2 * interval '1 day' WHERE id = $1`,
        [id, days],
      );
    const attempted = async (object: string) => {
      await until(
        async () => ((await deliveriesOf(object))[0]?.attempt_count ?? 0) > 0 || undefined,
      );
    };
    await attempted(await shop.emit());
    await until(async () => (await look()).failing_since ?? undefined);
    await age(4.9);
    await attempted(await shop.emit());
    assert.equal((await look()).status, 'enabled');
    // Its delivery is there before the next try, of whichever, switches the endpoint off.
    const late = await shop.emit();
    await attempted(late);
    await age(5.1);
    await until(async () => ((await look()).status === 'disabled' ? true : undefined));
    assert.equal((await look()).disabled_reason, 'failing');
    assert.equal((await finished(late)).status, 'failed');
  });

  it('fails what waits for an endpoint that was switched off, without sending it', async () => {
    const { url, received } = await receiver((_request, response) => response.writeHead(500).end());
    const { id } = await shop.endpoint({ url });
    const object = await shop.emit();
    await until(async () => ((await deliveriesOf(object))[0]?.attempt_count ?? 0) > 0 || undefined);
    await shop.admin.query(`UPDATE webhook_endpoints SET status = 'disabled' WHERE id = $1`, [id]);
    const sent = received.length;
    await shop.admin.query('UPDATE webhook_retries SET due_at = now()');
    const { status, attempt_count } = await finished(object);
    assert.equal(status, 'failed');
    assert.ok(received.length - sent <= 1, 'one may have been under way');
    assert.equal(attempt_count, received.length);
    const [{ id: delivery } = { id: '' }] = await deliveriesOf(object);
    await assert.rejects(resendDelivery(shop.context(), delivery), { code: 'invalid_request' });
  });

  it('lets no broken row stand in the way of others', async () => {
    const { url, received } = await receiver();
    const broken = await shop.endpoint({ url });
    await shop.admin.query(`UPDATE webhook_endpoints SET secret_sealed = '\\x01' WHERE id = $1`, [
      broken.id,
    ]);
    const well = await shop.endpoint({ url });
    const object = await shop.emit();
    const [first, second] = await until(async () => {
      const both = await deliveriesOf(object);
      return both.every((one) => one.attempt_count > 0) && both.length === 2 ? both : undefined;
    });
    const arrived = [first, second].filter((one) => one?.status === 'succeeded');
    assert.deepEqual(
      arrived.map((one) => one?.endpoint_id),
      [well.id],
    );
    assert.equal(received.length, 1);
  });

  it('sends no card number, signed as it is sent; past the guard it is an incident', async () => {
    const { url, received } = await receiver();
    const { secret } = await shop.endpoint({ url });
    const cases = [
      ['customer.created', 'is 4242 4242 4242 4242', 'is 0', true],
      // What a partner answered, and the number of an article.
      ['forward.answered', '4242 4242 4242 4242', '0', false],
      ['customer.created', '4006381333023', '0', false],
    ] as const;
    for (const [type, note, sent, isIncident] of cases) {
      await finished(await shop.emit(type, shop.context(), note));
      const last = received.at(-1);
      assert.ok(last && isSigned(last, secret ?? ''));
      assert.equal(JSON.parse(last.body.toString()).data.note, sent);
      const { scope, ...found } = told.at(-1) ?? {};
      assert.deepEqual(scope, { organization: shop.organization, mode: 'test' });
      const requestId = undefined;
      assert.deepEqual(found, { stream: 'webhook', place: type, count: 1, requestId, isIncident });
    }
  });

  it('never stores a card number that a receiver answers with', async () => {
    const { url } = await receiver((_request, response) => response.end('4242 4242 4242 4242'));
    await shop.endpoint({ url });
    const { id } = await finished(await shop.emit());
    const { attempts } = await shop.delivery(id);
    assert.match(attempts[0]?.response ?? '', /withheld/);
  });
});
