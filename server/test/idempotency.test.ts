import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Answer } from '../../tools/harness/api-client.ts';
import { openSharedShop, type SharedShop } from './shop.ts';

let shop: SharedShop;
before(async () => {
  shop = await openSharedShop();
});
after(async () => shop?.stop());

function send(key: string, body: unknown, path = '/v1/payments'): Promise<Answer> {
  const headers = { 'idempotency-key': key };
  return shop.api.call('POST', path, { key: shop.secret, body, headers });
}

const order = async () => ({ amount: 1000, currency: 'EUR', token: await shop.tokenize() });

async function charges(): Promise<number> {
  const answer = await shop.simulator.get('/v1/charges?limit=1000', shop.simulatorSecret);
  assert.equal(answer.status, 200, answer.text);
  return (answer.body.data ?? answer.body.charges).length;
}

describe('Idempotency-Key', () => {
  it('is required where money moves', async () => {
    const body = await order();
    const answer = await shop.api.call('POST', '/v1/payments', { key: shop.secret, body });
    assert.equal(answer.status, 400);
    assert.equal(answer.body.code, 'idempotency_key_required');
  });

  it('answers the same again, marked, and charges once', async () => {
    const body = await order();
    const before = await charges();
    const first = await send('same-again', body);
    assert.equal(first.status, 201, first.text);
    assert.equal(first.headers['idempotency-replayed'], undefined);
    const second = await send('same-again', body);
    assert.equal(second.status, 201);
    assert.equal(second.headers['idempotency-replayed'], 'true');
    assert.deepEqual(second.body, first.body);
    assert.equal(await charges(), before + 1);
  });

  it('does not mind the order of fields', async () => {
    const { amount, currency, token } = await order();
    const first = await send('field-order', { amount, currency, token });
    const second = await send('field-order', { token, currency, amount });
    assert.deepEqual(second.body, first.body);
  });

  it('replays a decline', async () => {
    const body = { amount: 5, currency: 'EUR', token: await shop.tokenize('4000000000000002') };
    const first = await send('declined', body);
    const second = await send('declined', body);
    assert.equal(first.status, 402);
    assert.equal(second.status, 402);
    assert.deepEqual(second.body, first.body);
    assert.match(String(second.headers['content-type']), /problem\+json/);
  });

  it('refuses another request under the same key', async () => {
    const body = await order();
    await send('other-body', body);
    const other = await send('other-body', { ...body, amount: 1001 });
    assert.equal(other.status, 422);
    assert.equal(other.body.code, 'idempotency_mismatch');
    const otherPath = await send('other-body', {}, '/v1/customers');
    assert.equal(otherPath.status, 422);
  });

  it('lets exactly one of fifty at the same moment work', async () => {
    const body = await order();
    const before = await charges();
    const answers = await Promise.all(Array.from({ length: 50 }, () => send('fifty', body)));
    const paid = answers.filter((answer) => answer.status === 201);
    const rest = answers.filter((answer) => answer.status !== 201);
    assert.ok(paid.length >= 1);
    assert.equal(new Set(paid.map((answer) => answer.body.id)).size, 1);
    assert.ok(rest.every((answer) => answer.body.code === 'idempotency_conflict'));
    assert.equal(await charges(), before + 1);
    assert.equal((await send('fifty', body)).body.id, paid[0]?.body.id);
  });

  it('lets exactly one of thirty make a customer, by one statement', async () => {
    const body = { name: 'Ada' };
    const many = Array.from({ length: 30 }, () => send('thirty', body, '/v1/customers'));
    const answers = await Promise.all(many);
    const made = answers.filter((answer) => answer.status === 201);
    assert.equal(new Set(made.map((answer) => answer.body.id)).size, 1);
    const codes = answers.filter((answer) => answer.status !== 201).map((one) => one.body.code);
    assert.ok(codes.every((code) => code === 'idempotency_conflict'));
  });

  it('keeps nothing of a request that was refused', async () => {
    const body = await order();
    const refused = await send('refused', { ...body, amount: -1 });
    assert.equal(refused.status, 400);
    assert.equal((await send('refused', body)).status, 201);
  });

  it('belongs to one organization', async () => {
    const other = await shop.operator.createOrganization('Other');
    const { key } = await shop.operator.mint(other);
    const first = await send('shared', { name: 'A' }, '/v1/customers');
    const headers = { 'idempotency-key': 'shared' };
    const second = await shop.api.call('POST', '/v1/customers', {
      key,
      body: { name: 'A' },
      headers,
    });
    assert.equal(second.status, 201);
    assert.notEqual(second.body.id, first.body.id);
  });

  for (const [what, value] of [
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
    ['with a space', 'a b'],
  ] as const) {
    it(`refuses a key that is ${what}`, async () => {
      const answer = await send(value, await order());
      assert.equal(answer.body.code, 'invalid_idempotency_key');
    });
  }

  it('refuses a card number as a key, and stores it nowhere', async () => {
    for (const key of ['4242424242424242', '4242-4242-4242-4242']) {
      const answer = await send(key, await order());
      assert.equal(answer.body.code, 'card_data_refused', answer.text);
      assert.equal(answer.body.param, 'Idempotency-Key');
      const card = { number: '4242424242424242', exp_month: 12, exp_year: 2031 };
      const made = await shop.vault.call('POST', '/v1/tokens', {
        key: shop.publishable,
        body: { type: 'card', card },
        headers: { 'idempotency-key': key },
      });
      assert.equal(made.body.code, 'card_data_refused', made.text);
    }
  });

  it('stores a secret only sealed, and replays it', async () => {
    const body = { url: 'https://localhost:9443/hook' };
    const first = await send('with-secret', body, '/v1/webhook_endpoints');
    assert.equal(first.status, 201, first.text);
    const second = await send('with-secret', body, '/v1/webhook_endpoints');
    assert.equal(second.body.secret, first.body.secret);
    const control = await shop.connect('control');
    try {
      const { rows } = await control.query(
        `SELECT encode(answer, 'escape') AS answer FROM idempotency_keys
         WHERE key = 'with-secret' AND organization_id = $1`,
        [shop.organization],
      );
      assert.equal(rows.length, 1);
      assert.ok(!rows[0].answer.includes(first.body.secret));
    } finally {
      await control.end();
    }
  });
});
