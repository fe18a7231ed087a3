import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, openSharedShop, type SharedShop } from './shop.ts';

let shop: SharedShop;
before(async () => {
  shop = await openSharedShop();
});
after(async () => shop?.stop());

describe('a payment by token', () => {
  it('captures at once by default', async () => {
    const paid = await shop.pay({ currency: 'eur', reference: 'order 1', metadata: { a: 'b' } });
    assert.equal(paid.status, 201, paid.text);
    assert.equal(paid.body.status, 'succeeded');
    assert.equal(paid.body.currency, 'EUR');
    assert.equal(paid.body.amount_captured, 1999);
    assert.equal(paid.body.card.last4, '4242');
    assert.deepEqual(paid.body.metadata, { a: 'b' });
    const found = await shop.get(`/v1/payments/${paid.body.id}`);
    assert.equal(found.body.attempts.length, 1);
    assert.equal(found.body.attempts[0].state, 'succeeded');
    assert.equal(found.body.attempts[0].cvc_check, 'pass');
    const { attempts, ...same } = found.body;
    assert.deepEqual(same, paid.body);
  });

  it('is authorized only, then captured in part, once', async () => {
    const held = await shop.pay({ capture: 'manual' });
    assert.equal(held.body.status, 'requires_capture');
    const path = `/v1/payments/${held.body.id}/capture`;
    const tooMuch = await shop.post(path, { amount: 2000 });
    assert.equal(tooMuch.body.code, 'capture_amount_too_large');
    const captured = await shop.post(path, { amount: 500 });
    assert.equal(captured.status, 200, captured.text);
    assert.equal(captured.body.status, 'succeeded');
    assert.equal(captured.body.amount_captured, 500);
    const again = await shop.post(path, { amount: 500 });
    assert.equal(again.status, 409);
    assert.equal(again.body.code, 'payment_state');
  });

  it('captures everything when the body is empty or missing', async () => {
    const held = await shop.pay({ capture: 'manual' });
    const captured = await shop.post(`/v1/payments/${held.body.id}/capture`);
    assert.equal(captured.body.amount_captured, 1999, captured.text);
  });

  it('is canceled before capture, and not after', async () => {
    const held = await shop.pay({ capture: 'manual' });
    const canceled = await shop.post(`/v1/payments/${held.body.id}/cancel`, { reason: 'no stock' });
    assert.equal(canceled.body.status, 'canceled', canceled.text);
    const paid = await shop.pay();
    const refused = await shop.post(`/v1/payments/${paid.body.id}/cancel`, {});
    assert.equal(refused.body.code, 'payment_state');
  });

  it('is captured once when asked for ten times at the same moment', async () => {
    const held = await shop.pay({ capture: 'manual' });
    const path = `/v1/payments/${held.body.id}/capture`;
    const answers = await Promise.all(Array.from({ length: 10 }, () => shop.post(path, {})));
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
    const codes = new Set(answers.map((answer) => answer.body.code).filter(Boolean));
    assert.ok([...codes].every((code) => code === 'payment_busy' || code === 'payment_state'));
  });
});

describe('a declined card', () => {
  const codes = {
    4000000000000002: 'generic_decline',
    4000000000009995: 'insufficient_funds',
    4000000000000069: 'expired_card',
    4000000000000127: 'incorrect_cvc',
    4000002760003184: 'authentication_required',
  };
  for (const [number, code] of Object.entries(codes)) {
    it(`says ${code}`, async () => {
      const declined = await shop.pay({}, number);
      assert.equal(declined.status, 402, declined.text);
      assert.match(String(declined.headers['content-type']), /^application\/problem\+json/);
      assert.equal(declined.body.code, 'card_declined');
      assert.equal(declined.body.decline_code, code);
      const payment = await shop.get(`/v1/payments/${declined.body.payment}`);
      assert.equal(payment.body.status, 'failed');
      assert.equal(payment.body.decline_code, code);
    });
  }
});

describe('a token', () => {
  it('pays once', async () => {
    const token = await shop.tokenize();
    const first = await shop.pay({ token });
    assert.equal(first.status, 201);
    const second = await shop.pay({ token });
    assert.equal(second.status, 409);
    assert.equal(second.body.code, 'token_already_used');
  });

  it('pays once when ten payments want it at the same moment', async () => {
    const token = await shop.tokenize();
    const answers = await Promise.all(Array.from({ length: 10 }, () => shop.pay({ token })));
    const paid = answers.filter((answer) => answer.status === 201);
    assert.equal(paid.length, 1, answers.map((answer) => answer.text).join('\n'));
  });

  it('must exist, and stand alone', async () => {
    const missing = await shop.pay({ token: 'tok_1111111111111111111111' });
    assert.equal(missing.status, 404);
    assert.equal(missing.body.code, 'not_found');
    const both = await shop.pay({
      token: 'tok_1111111111111111111111',
      payment_method: 'pm_1111111111111111111111',
    });
    assert.equal(both.body.errors[0].pointer, '/token');
    const none = await shop.post('/v1/payments', { amount: 1, currency: 'EUR' });
    assert.equal(none.status, 400);
  });
});

describe('a saved card', () => {
  it('is saved for a customer by the merchant`s own reference, and pays again', async () => {
    const first = await shop.pay({ save_for: 'customer-42' });
    assert.equal(first.status, 201, first.text);
    assert.match(first.body.payment_method, /^pm_/);
    assert.match(first.body.customer, /^cus_/);
    assert.equal(first.body.initiated_by, 'customer');
    const again = await shop.pay({ payment_method: first.body.payment_method, amount: 700 });
    assert.equal(again.status, 201, again.text);
    assert.equal(again.body.status, 'succeeded');
    assert.equal(again.body.initiated_by, 'merchant');
    const present = await shop.pay({
      payment_method: first.body.payment_method,
      initiated_by: 'customer',
    });
    assert.equal(present.body.initiated_by, 'customer');
    const second = await shop.pay({ save_for: 'customer-42' });
    assert.equal(second.body.customer, first.body.customer);
  });

  it('is not saved when the payment is declined', async () => {
    const declined = await shop.pay({ save_for: 'customer-43' }, '4000000000000002');
    const payment = await shop.get(`/v1/payments/${declined.body.payment}`);
    assert.equal(payment.body.payment_method, null);
  });

  it('is declined for the merchant where the issuer wants the customer', async () => {
    const first = await shop.pay({ save_for: 'customer-44' }, '4000000000000341');
    assert.equal(first.status, 201, first.text);
    const again = await shop.pay({ payment_method: first.body.payment_method });
    assert.equal(again.body.decline_code, 'do_not_honor');
  });

  it('can be deleted, pays no more, and is shredded in the vault', async () => {
    const first = await shop.pay({ save_for: 'customer-45' });
    const path = `/v1/payment_methods/${first.body.payment_method}`;
    const vault = await shop.connect('vault');
    const cards = async () => {
      const text = 'SELECT count(*)::int AS n FROM cards WHERE token_id = $1';
      return (await vault.query(text, [first.body.token])).rows[0].n;
    };
    try {
      assert.equal(await cards(), 1);
      const deleted = await shop.api.call('DELETE', path, { key: shop.secret });
      assert.deepEqual(deleted.body, { id: first.body.payment_method, deleted: true });
      assert.equal(await cards(), 0);
      assert.equal((await shop.get(path)).status, 404);
      const refused = await shop.pay({ payment_method: first.body.payment_method });
      assert.equal(refused.status, 404);
    } finally {
      await vault.end();
    }
  });

  it('is kept past the day that the vault waits', async () => {
    const first = await shop.pay({ save_for: 'customer-46' });
    const vault = await shop.connect('vault');
    try {
      await eventually(async () => {
        const text = 'SELECT expires_at, single_use FROM tokens WHERE id = $1';
        const { rows } = await vault.query(text, [first.body.token]);
        return rows[0].expires_at === null && rows[0].single_use === false ? true : undefined;
      }, 'keeping the card');
    } finally {
      await vault.end();
    }
  });
});

describe('a refund', () => {
  it('gives back a part, then the rest, never more', async () => {
    const paid = await shop.pay();
    const part = await shop.post('/v1/refunds', { payment: paid.body.id, amount: 500 });
    assert.equal(part.status, 201, part.text);
    assert.equal(part.body.status, 'succeeded');
    const rest = await shop.post('/v1/refunds', { payment: paid.body.id });
    assert.equal(rest.body.amount, 1499);
    const more = await shop.post('/v1/refunds', { payment: paid.body.id, amount: 1 });
    assert.equal(more.status, 422);
    assert.equal(more.body.code, 'refund_amount_too_large');
    const payment = await shop.get(`/v1/payments/${paid.body.id}`);
    assert.equal(payment.body.amount_refunded, 1999);
    assert.equal(payment.body.amount_refundable, 0);
  });

  it('never exceeds the captured amount, with twenty at the same moment', async () => {
    const paid = await shop.pay({ amount: 1000 });
    const body = { payment: paid.body.id, amount: 300 };
    const many = Array.from({ length: 20 }, () => shop.post('/v1/refunds', body));
    const answers = await Promise.all(many);
    assert.equal(answers.filter((answer) => answer.status === 201).length, 3);
    const payment = await shop.get(`/v1/payments/${paid.body.id}`);
    assert.equal(payment.body.amount_refunded, 900);
  });

  it('is held by the database itself, whatever the code does', async () => {
    const paid = await shop.pay({ amount: 1000 });
    const control = await shop.connect('control');
    try {
      const text = 'UPDATE payments SET amount_refunded = 1001 WHERE id = $1';
      await assert.rejects(control.query(text, [paid.body.id]), /refunded_within_captured/);
    } finally {
      await control.end();
    }
  });

  it('that the processor refuses gives its share back', async () => {
    const paid = await shop.pay({ amount: 1000 }, '4000000000005118');
    const refused = await shop.post('/v1/refunds', { payment: paid.body.id });
    assert.equal(refused.body.status, 'failed', refused.text);
    assert.equal(refused.body.failure, 'refund_refused');
    const payment = await shop.get(`/v1/payments/${paid.body.id}`);
    assert.equal(payment.body.amount_refundable, 1000);
  });
});

describe('lists', () => {
  it('page through payments without gaps or repeats, in both directions', async () => {
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      made.unshift((await shop.pay({ reference: 'paging' })).body.id);
    }
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const page = await shop.get(`/v1/payments?reference=paging&limit=3${after}`);
      seen.push(...page.body.data.map((payment: { id: string }) => payment.id));
      if (!page.body.has_more) break;
      after = `&after=${page.body.next}`;
    }
    assert.deepEqual(seen, made);
    const newer = await shop.get(`/v1/payments?reference=paging&limit=2&before=${made[4]}`);
    const ids = newer.body.data.map((payment: { id: string }) => payment.id);
    assert.deepEqual(ids, [made[2], made[3]]);
  });

  it('filter by status and customer', async () => {
    const failed = await shop.get('/v1/payments?status=failed&limit=100');
    assert.ok(failed.body.data.length > 0);
    assert.ok(failed.body.data.every((one: { status: string }) => one.status === 'failed'));
    const wrong = await shop.get('/v1/payments?status=lost');
    assert.equal(wrong.status, 400);
    assert.match(wrong.body.errors[0].message, /one of: processing, requires_capture/);
  });
});
