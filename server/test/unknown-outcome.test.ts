import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, openShop, type Shop } from './shop.ts';

let shop: Shop;
before(async () => {
  shop = await openShop({
    settings: { PAYOS_RESOLVE_AFTER_MS: '300', PAYOS_PROCESSOR_TIMEOUT_MS: '1500' },
  });
});
after(async () => shop?.stop());

const settled = (id: string) =>
  eventually(async () => {
    const { body } = await shop.get(`/v1/payments/${id}`);
    return body.status === 'processing' ? undefined : body;
  }, 'the outcome');

async function chargesOf(attempt: string): Promise<number> {
  const { body } = await shop.simulator.get('/v1/charges?limit=1000', shop.simulatorSecret);
  const all = (body.data ?? body.charges) as { idempotency_key: string }[];
  return all.filter((charge) => charge.idempotency_key === attempt).length;
}

describe('an outcome nobody knows yet', () => {
  it('of a connection dropped after charging is found out, and charged once', async () => {
    const paid = await shop.pay({}, '4000000000000309');
    assert.equal(paid.status, 201, paid.text);
    assert.equal(paid.body.status, 'processing');
    const payment = await settled(paid.body.id);
    assert.equal(payment.status, 'succeeded');
    assert.equal(payment.attempts.length, 1);
    assert.equal(await chargesOf(payment.attempts[0].id), 1);
    const events = await shop.get(`/v1/events?object=${paid.body.id}`);
    const types = events.body.data.map((event: { type: string }) => event.type);
    assert.deepEqual(types, ['payment.succeeded', 'payment.processing']);
    const sequence = events.body.data.map((event: { sequence: number }) => event.sequence);
    assert.deepEqual(sequence, [2, 1]);
  });

  it('of an answer that comes too late is processing, then succeeded', async () => {
    const paid = await shop.pay({ save_for: 'slow' }, '4000000000000259');
    assert.equal(paid.body.status, 'processing', paid.text);
    const payment = await settled(paid.body.id);
    assert.equal(payment.status, 'succeeded');
    assert.match(payment.payment_method, /^pm_/, 'the card is saved all the same');
  });

  it('is not charged again by a repeated request', async () => {
    const token = await shop.tokenize('4000000000000309');
    const call = {
      key: shop.secret,
      body: { amount: 100, currency: 'EUR', token },
      headers: { 'idempotency-key': 'again' },
    };
    const first = await shop.api.call('POST', '/v1/payments', call);
    const second = await shop.api.call('POST', '/v1/payments', call);
    assert.equal(first.body.status, 'processing');
    assert.equal(second.body.id, first.body.id);
    const payment = await settled(first.body.id);
    assert.equal(await chargesOf(payment.attempts[0].id), 1);
  });

  it('is asked about at once when the processor answers 500 or 503, and then failed', async () => {
    for (const card of ['4000000000000317', '4000000000000333']) {
      const refused = await shop.pay({}, card);
      assert.equal(refused.status, 502, refused.text);
      assert.equal(refused.body.code, 'processor_error');
      const payment = await shop.get(`/v1/payments/${refused.body.payment}`);
      assert.equal(payment.body.status, 'failed');
      assert.equal(payment.body.failure, 'processor_unavailable');
    }
  });

  it('of a capture and a refund is resolved too, and done once', async () => {
    const held = await shop.pay({ capture: 'manual' }, '4000000000005225');
    const captured = await shop.post(`/v1/payments/${held.body.id}/capture`, { amount: 900 });
    assert.equal(captured.body.status, 'processing', captured.text);
    const busy = await shop.post(`/v1/payments/${held.body.id}/cancel`, {});
    assert.equal(busy.body.code, 'payment_busy');
    const payment = await settled(held.body.id);
    assert.equal(payment.status, 'succeeded');
    assert.equal(payment.amount_captured, 900);
    const refund = await shop.post('/v1/refunds', { payment: payment.id, amount: 400 });
    assert.equal(refund.body.status, 'pending', refund.text);
    const tooMuch = await shop.post('/v1/refunds', { payment: payment.id, amount: 501 });
    assert.equal(tooMuch.body.code, 'refund_amount_too_large', 'a pending refund holds its share');
    const done = await eventually(async () => {
      const { body } = await shop.get(`/v1/refunds/${refund.body.id}`);
      return body.status === 'pending' ? undefined : body;
    }, 'the refund');
    assert.equal(done.status, 'succeeded');
  });
});

describe('a processor that stays silent', () => {
  const fault = (body: object) =>
    shop.simulator.call('PUT', '/v1/faults', { key: shop.simulatorSecret, body });

  it('is asked again and again, and told of once', async () => {
    await fault({ outage: true });
    const paid = await shop.pay();
    assert.equal(paid.body.status, 'processing', paid.text);
    const asked = () =>
      shop.processes.worker.log().split('"msg":"asked about an open attempt"').length - 1;
    const before = asked();
    await eventually(async () => (asked() >= before + 3 ? true : undefined), 'three questions');
    const events = await shop.get(`/v1/events?object=${paid.body.id}`);
    assert.equal(events.body.data.length, 1, events.text);
    await fault({ outage: false });
  });

  it('does not turn a capture that was cut off into a success', async () => {
    const held = await shop.pay({ capture: 'manual' });
    const path = `/v1/payments/${held.body.id}/capture`;
    const call = { key: shop.secret, body: {}, headers: { 'idempotency-key': 'cut-off' } };
    await fault({ latency_ms: 1200, not_recorded_drop_ratio: 1 });
    const cut = shop.api.call('POST', path, call).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await shop.processes.server.kill();
    await cut;
    await fault({ latency_ms: 0, not_recorded_drop_ratio: 0 });
    await shop.processes.server.start();
    const control = await shop.connect('control');
    // A minute is what it takes to believe that the capture never arrived; the test has none.
    const age =
      "UPDATE attempts SET created_at = created_at - interval '2 minutes', resolve_at = now()";
    await control.query(`${age} WHERE payment_id = $1 AND kind = 'capture'`, [held.body.id]);
    await control.end();
    const answer = await eventually(async () => {
      const again = await shop.api.call('POST', path, call);
      return again.status === 409 ? undefined : again;
    }, 'an answer');
    assert.equal(answer.status, 502, answer.text);
    assert.equal(answer.body.code, 'processor_error');
    const other = await shop.post(path, {});
    assert.equal(other.body.status, 'succeeded', other.text);
    const same = await shop.api.call('POST', path, call);
    assert.equal(same.status, 502, 'another capture is not the answer to this one');
  });
});

describe('a vault that is away', () => {
  it('is said plainly, nothing is charged, and payments go on when it is back', async () => {
    const saved = await shop.pay({ save_for: 'away' });
    const token = await shop.tokenize();
    await shop.processes.vault.kill();
    const refused = await shop.pay({ token });
    assert.equal(refused.status, 503, refused.text);
    assert.equal(refused.body.code, 'vault_unavailable');
    const again = await shop.pay({ payment_method: saved.body.payment_method });
    assert.equal(again.body.code, 'vault_unavailable', again.text);
    await eventually(async () => {
      const told = shop.processes.server
        .log()
        .split('\n')
        .filter((line) => /"err"/.test(line));
      return told.find((line) => line.includes(again.body.payment));
    }, 'why, in the log');
    const metric = async () => {
      const { text } = await shop.api.get('/metrics');
      return /^payos_vault_reachable (.+)$/m.exec(text)?.[1];
    };
    const ready = async () => (await shop.api.get('/readyz')).body;
    // The rest goes on, so that the server is not taken out of service.
    assert.deepEqual(
      [await metric(), await ready()],
      ['0', { status: 'ok', detail: 'vault: silent' }],
    );
    await shop.processes.vault.start();
    const paid = await shop.pay({ token });
    assert.deepEqual([await metric(), await ready()], ['1', { status: 'ok' }]);
    assert.equal(paid.status, 201, paid.text);
    const attempt = (await shop.get(`/v1/payments/${paid.body.id}`)).body.attempts[0];
    assert.equal(attempt.cvc_check, 'unchecked', 'the code was only in memory');
  });

  it('that is killed while a card is on its way leaves an outcome to be found out', async () => {
    const token = await shop.tokenize('4000000000000259');
    const paying = shop.pay({ token });
    await eventually(async () => {
      const { body } = await shop.simulator.get('/v1/charges?limit=1', shop.simulatorSecret);
      return (body.data ?? body.charges).length > 0 ? true : undefined;
    }, 'the charge');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await shop.processes.vault.kill();
    const paid = await paying;
    await shop.processes.vault.start();
    assert.equal(paid.body.status, 'processing', paid.text);
    const payment = await settled(paid.body.id);
    assert.equal(payment.status, 'succeeded');
    assert.equal(await chargesOf(payment.attempts[0].id), 1);
  });
});
