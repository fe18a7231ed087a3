import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type Installation, startInstallation } from '../../../tools/harness/installation.ts';
import { startWebhookReceiver } from '../../../tools/harness/webhook-receiver.ts';
import { heldOfEndpointMax } from './lanes.ts';
import { until } from './test-support.ts';

let payos: Installation;
let organization: string;
let key: string;
const base = '/v1/webhook_endpoints';
const url = 'https://localhost:9443/hook';

before(async () => {
  payos = await startInstallation({
    start: ['server', 'worker'],
    settings: { PAYOS_WEBHOOK_TIMEOUT_MS: '1500', PAYOS_WEBHOOK_RETRY_SCALE: '1' },
  });
  organization = await payos.operator.createOrganization('Shop');
  key = (await payos.operator.mint(organization)).key;
});
after(() => payos?.stop());

const create = (body: object) => payos.api.post(base, key, body);
const patch = (id: string, body: object) => payos.api.call('PATCH', `${base}/${id}`, { key, body });
const remove = (id: string) => payos.api.call('DELETE', `${base}/${id}`, { key });
const customer = async () => (await payos.api.post('/v1/customers', key, { name: 'Ada' })).body.id;

describe('webhook endpoints', { timeout: 60_000 }, () => {
  it('are created with a secret that is shown once and kept sealed', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { url, events: ['payment.succeeded'], description: 'Orders' };
    const made = await payos.api.call('POST', base, { key, body, headers });
    assert.equal(made.status, 201, made.text);
    const { secret, ...endpoint } = made.body;
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.deepEqual([endpoint.status, endpoint.disabled_reason], ['enabled', null]);
    const shown = await payos.api.get(`${base}/${endpoint.id}`, key);
    assert.deepEqual(shown.body, endpoint);
    const again = await payos.api.call('POST', base, { key, body, headers });
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.deepEqual(again.body, made.body);

    const control = await payos.connect('control');
    const plain = Buffer.from(secret.slice('whsec_'.length), 'base64').toString('hex');
    for (const table of ['webhook_endpoints', 'idempotency_keys', 'events', 'audit_log']) {
      const { rows } = await control.query(`SELECT t::text AS line FROM ${table} t`);
      assert.ok(rows.length > 0, table);
      for (const { line } of rows) {
        assert.ok(!line.includes(plain) && !line.includes(secret), table);
      }
    }
    await control.end();
    assert.ok(!payos.processes.server.log().includes(secret));
    await remove(endpoint.id);
  });

  it('take only https URLs that lead outside, and say why', async () => {
    for (const refused of [
      'http://shop.example/',
      'https://user:pass@shop.example/',
      'https://10.0.0.1/',
      'https://[::ffff:169.254.169.254]/',
      'https://0xa9fea9fe/',
      'https://shop.example:25/',
      'nonsense',
    ]) {
      const answer = await create({ url: refused });
      assert.deepEqual([answer.status, answer.body.code], [422, 'webhook_url_refused'], refused);
      assert.ok(answer.body.detail.length > 10);
      assert.equal(answer.body.param, 'url');
    }
    const { body } = await create({ url });
    const moved = await patch(body.id, { url: 'https://192.168.0.1/' });
    assert.equal(moved.body.code, 'webhook_url_refused');
    await remove(body.id);
  });

  it('are changed, listed and deleted; a deleted one is gone', async () => {
    const { body: made } = await create({ url });
    assert.deepEqual(made.events, ['*']);
    const changed = await patch(made.id, {
      events: ['refund.failed'],
      status: 'disabled',
      description: 'x',
    });
    assert.deepEqual(
      [changed.body.events, changed.body.status, changed.body.disabled_reason],
      [['refund.failed'], 'disabled', 'requested'],
    );
    const back = await patch(made.id, { status: 'enabled', description: null });
    assert.deepEqual(
      [back.body.status, back.body.disabled_reason, back.body.description],
      ['enabled', null, null],
    );
    const page = await payos.api.get(base, key);
    assert.deepEqual(page.body.data, [back.body]);
    assert.deepEqual((await remove(made.id)).body, { id: made.id, deleted: true });
    for (const answer of [
      await remove(made.id),
      await patch(made.id, { status: 'enabled' }),
      await payos.api.get(`${base}/${made.id}`, key),
      await payos.api.get(`${base}/${made.id}/deliveries`, key),
    ]) {
      assert.equal(answer.body.code, 'not_found');
    }
    const control = await payos.connect('control');
    const { rows } = await control.query(
      'SELECT secret_sealed FROM webhook_endpoints WHERE id = $1',
      [made.id],
    );
    assert.deepEqual(rows, [{ secret_sealed: null }]);
    const { rows: notes } = await control.query(
      'SELECT action FROM audit_log WHERE object_id = $1 ORDER BY id',
      [made.id],
    );
    const actions = notes.map(({ action }) => action.replace('webhook_endpoint.', ''));
    assert.deepEqual(actions, ['create', 'update', 'update', 'delete']);
    await control.end();
    // Transactions of other tests in the same cluster can hold the newest events back.
    const events = await until(async () => {
      const answer = await payos.api.get(`/v1/events?object=${made.id}`, key);
      return answer.body.data.length >= 4 ? answer : undefined;
    });
    const sequences = events.body.data.map((event: { sequence: number }) => event.sequence);
    assert.deepEqual(sequences, [4, 3, 2, 1]);
  });

  it('show what was sent, and send it again', async (test) => {
    const receiver = await startWebhookReceiver(payos.cluster.certificates);
    test.after(() => receiver.stop());
    receiver.answer(() => (receiver.received.length === 1 ? 500 : 200));
    const { body } = await create({ url: receiver.url, events: ['customer.created'] });
    receiver.expect(body.secret);
    await customer();
    const list = () => payos.api.get(`${base}/${body.id}/deliveries?status=succeeded`, key);
    const [delivery] = await until(async () => {
      const { data } = (await list()).body;
      return data.length > 0 ? data : undefined;
    });
    const statuses = delivery.attempts.map((attempt: { status: number }) => attempt.status);
    assert.deepEqual(statuses, [500, 200]);
    const one = await payos.api.get(`/v1/deliveries/${delivery.id}`, key);
    assert.deepEqual(one.body, delivery);
    const again = await payos.api.post(`/v1/deliveries/${delivery.id}/resend`, key, {});
    assert.deepEqual([again.status, again.body.status], [200, 'pending']);
    await until(() => (receiver.received.length === 3 ? true : undefined));
    assert.ok(receiver.received.every(({ verified }) => verified));
    assert.equal(new Set(receiver.received.map(({ webhookId }) => webhookId)).size, 1);
    const event = await payos.api.get(`/v1/events/${delivery.event}`, key);
    assert.deepEqual(event.body, receiver.received[0]?.event);
    await remove(body.id);
  });
});

describe('the list of events', { timeout: 60_000 }, () => {
  it('pages in both directions and filters', async () => {
    const customers = [await customer(), await customer(), await customer()];
    const page = async (query: string) => {
      const { body } = await payos.api.get(`/v1/events?${query}`, key);
      return {
        ...body,
        objects: body.data?.map((event: { data: { id: string } }) => event.data.id),
        ids: body.data?.map((event: { id: string }) => event.id),
      };
    };
    const first = await page('type=customer.created&limit=2');
    assert.deepEqual(first.objects, [customers[2], customers[1]]);
    assert.deepEqual([first.has_more, first.next], [true, first.ids[1]]);
    const second = await page(`type=customer.created&limit=1&after=${first.next}`);
    assert.deepEqual(second.objects, [customers[0]]);
    const newer = await page(`type=customer.created&before=${second.ids[0]}&limit=1`);
    assert.deepEqual([newer.objects, newer.has_more], [[customers[1]], true]);
    assert.deepEqual((await page(`object=${customers[0]}`)).objects, [customers[0]]);
    assert.equal((await page('after=evt_nobody')).code, 'invalid_request');
    assert.equal((await page(`after=${first.next}&before=${first.next}`)).code, 'invalid_request');
  });
});

describe('a worker that is killed', { timeout: 120_000 }, () => {
  it('loses no event, and doubles no more than it held', async (test) => {
    const receiver = await startWebhookReceiver(payos.cluster.certificates);
    test.after(() => receiver.stop());
    const { body } = await create({ url: receiver.url, events: ['customer.created'] });
    receiver.expect(body.secret);
    const created: string[] = [];
    const kills = 2;
    for (let round = 0; round <= kills; round += 1) {
      const wave = Array.from({ length: 60 }, async () => created.push(await customer()));
      if (round < kills) {
        await until(() => (receiver.received.length > round * 40 ? true : undefined));
        await payos.processes.worker.kill();
        await payos.processes.worker.start();
      }
      await Promise.all(wave);
    }
    const seen = () => new Set(receiver.received.map(({ event }) => event.data.id));
    await until(() => (seen().size === created.length ? true : undefined));
    assert.ok(created.every((id) => seen().has(id)));
    const doubled = receiver.received.length - created.length;
    assert.ok(doubled <= kills * heldOfEndpointMax, `${doubled} doubled: more than were held`);
    assert.ok(receiver.received.every(({ verified }) => verified));
  });
});
