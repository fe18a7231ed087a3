import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { brandOf } from './brand.ts';
import { cards } from './cards.ts';
import { pageFile, renderPage } from './docs.ts';
import { passesLuhn } from './luhn.ts';
import { chargeBody, charged, operationBody, statusOf } from './testing/charges.ts';
import {
  createHome,
  end,
  endLeftovers,
  type Home,
  type Running,
  start,
} from './testing/simulator.ts';

after(endLeftovers);

describe('magic cards', () => {
  let home: Home;
  let running: Running;
  before(async () => {
    home = await createHome();
    running = await start(home);
  });
  after(async () => {
    await end(running);
    home.remove();
  });
  const charge = (...from: Parameters<typeof chargeBody>) =>
    running.client.post('/v1/charges', chargeBody(...from));

  for (const { number, text } of cards.approved) {
    it(`approves ${text}`, async () => {
      const { status, body } = await charge(number);
      assert.equal(status, 200);
      assert.equal(body.status, 'captured');
      assert.equal(body.amount_captured, 1999);
      assert.equal(body.decline_code, null);
      assert.equal(body.decline_message, null);
      assert.equal(body.cvc_check, 'pass');
      assert.match(body.id, /^ch_[1-9A-HJ-NP-Za-km-z]{22}$/);
    });
  }

  for (const { number, text, declines, declinesOnly } of cards.declined) {
    for (const initiatedBy of ['customer', 'merchant']) {
      const declined = declinesOnly === undefined || declinesOnly === initiatedBy;
      it(`${text}: ${initiatedBy} ${declined ? 'declined' : 'approved'}`, async () => {
        const { status, body } = await charge(number, { initiated_by: initiatedBy }, {});
        assert.equal(status, 200);
        assert.equal(body.status, declined ? 'declined' : 'captured');
        assert.equal(body.decline_code, declined ? declines : null);
        assert.equal(typeof body.decline_message, declined ? 'string' : 'object');
        assert.equal(body.amount_captured, declined ? 0 : 1999);
        assert.equal(body.cvc_check, 'unchecked');
      });
    }
  }

  it('only authorizes when capture is false', async () => {
    const { body } = await charge('4242424242424242', { capture: false });
    assert.equal(body.status, 'authorized');
    assert.equal(body.amount_captured, 0);
  });

  it('declines the code 000 on any card', async () => {
    const { body } = await charge('5555555555554444', {}, { code: '000' });
    assert.equal(body.status, 'declined');
    assert.equal(body.decline_code, 'incorrect_cvc');
    assert.equal(body.cvc_check, 'fail');
  });

  it('fails the code of the card whose code is always wrong', async () => {
    const { body } = await charge('4000000000000127');
    assert.equal(body.cvc_check, 'fail');
  });

  it('answers slowly, but has charged by then', async () => {
    const order: string[] = [];
    const sent = chargeBody('4000000000000259');
    const slow = running.client.post('/v1/charges', sent).then((reply) => {
      order.push('answered');
      return reply;
    });
    let found = await statusOf(running.client, sent.idempotency_key);
    while (!found.body.found) found = await statusOf(running.client, sent.idempotency_key);
    order.push('found');
    assert.equal(found.body.charge.status, 'captured');
    const again = await running.client.post('/v1/charges', sent);
    order.push('repeated');
    assert.deepEqual((await slow).body, again.body);
    assert.deepEqual(order, ['found', 'repeated', 'answered']);
  });

  it('breaks the connection after charging, and a status query finds the charge', async () => {
    for (const capture of [true, false]) {
      const sent = chargeBody('4000000000000309', { capture });
      await assert.rejects(running.client.post('/v1/charges', sent), { code: 'ECONNRESET' });
      const { status, body } = await statusOf(running.client, sent.idempotency_key);
      assert.equal(status, 200);
      assert.equal(body.kind, 'charge');
      assert.equal(body.operation, null);
      assert.equal(body.charge.status, capture ? 'captured' : 'authorized');
      const again = await running.client.post('/v1/charges', sent);
      assert.equal(again.body.id, body.charge.id);
    }
  });

  for (const [number, status, error] of [
    ['4000000000000317', 503, 'outage'],
    ['4000000000000333', 500, 'internal'],
  ] as const) {
    it(`answers ${status} ${error} and charges nothing`, async () => {
      const sent = chargeBody(number);
      const reply = await running.client.post('/v1/charges', sent);
      assert.equal(reply.status, status);
      assert.deepEqual(reply.body, { error });
      assert.equal((await statusOf(running.client, sent.idempotency_key)).status, 404);
    });
  }

  it('refuses refunds of the card that cannot be refunded', async () => {
    const id = await charged(running.client, '4000000000005118');
    const sent = operationBody(100);
    const { status, body } = await running.client.post(`/v1/charges/${id}/refunds`, sent);
    assert.equal(status, 200);
    assert.equal(body.status, 'failed');
    assert.equal(body.error, 'refund_refused');
    const found = await statusOf(running.client, sent.idempotency_key);
    assert.equal(found.body.operation?.error, 'refund_refused');
    assert.equal(found.body.charge.amount_refunded, 0);
  });

  it('breaks the connection after a capture and a refund', async () => {
    const id = await charged(running.client, '4000000000005225', { capture: false });
    for (const [path, kind] of [
      ['capture', 'capture'],
      ['refunds', 'refund'],
    ]) {
      const sent = operationBody(1999);
      const post = () => running.client.post(`/v1/charges/${id}/${path}`, sent);
      await assert.rejects(post(), { code: 'ECONNRESET' });
      const { body } = await statusOf(running.client, sent.idempotency_key);
      assert.equal(body.kind, kind);
      assert.equal(body.operation?.status, 'succeeded');
      assert.deepEqual((await post()).body, body.operation);
    }
    const { body } = await running.client.get('/v1/charges?limit=1000');
    const charge = body.data.find((entry) => entry.id === id);
    assert.equal(charge?.amount_captured, 1999);
    assert.equal(charge?.amount_refunded, 1999);
  });
});

describe('card table', () => {
  const all = [...cards.approved, ...cards.declined, ...cards.faulty];

  it('has each number once, with a right check digit and a known brand', () => {
    for (const { number } of all) {
      assert.ok(passesLuhn(number), number);
      assert.notEqual(brandOf(number), 'unknown');
    }
    assert.equal(new Set(all.map(({ number }) => number)).size, all.length);
    assert.ok(!passesLuhn('4242424242424241'));
  });

  it('is the table in the docs (node simulator/src/docs.ts --write)', () => {
    const page = readFileSync(pageFile, 'utf8');
    assert.equal(page, renderPage(page));
    for (const { text } of all) assert.ok(page.includes(text));
  });
});
