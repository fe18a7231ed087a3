import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSharedShop, type SharedShop } from './shop.ts';

let shop: SharedShop;
const now = () => new Date();
const hoursFrom = (hours: number) => new Date(now().getTime() + hours * 3_600_000).toISOString();
const report = (query: Record<string, string>) =>
  shop.get(`/v1/reports/payments?${new URLSearchParams(query)}`);

before(async () => {
  shop = await openSharedShop();
  const first = (await shop.pay({ amount: 1000 })).body;
  await shop.pay({ amount: 3000 });
  await shop.pay({ amount: 500, capture: 'manual' });
  await shop.pay({ amount: 700 }, '4000000000009995');
  await shop.pay({ amount: 90, currency: 'JPY' });
  const refunded = await shop.post('/v1/refunds', { payment: first.id, amount: 250 });
  assert.equal(refunded.status, 201, refunded.text);
});
after(async () => shop?.stop());

describe('the report of payments', () => {
  it('adds up each currency by itself', async () => {
    const { body } = await report({ from: hoursFrom(-1), to: hoursFrom(1), interval: 'hour' });
    assert.deepEqual(
      body.currencies.map((one: { currency: string }) => one.currency),
      ['EUR', 'JPY'],
    );
    const { series, ...euro } = body.currencies[0];
    assert.deepEqual(euro, {
      currency: 'EUR',
      payments: 4,
      authorized: 3,
      failed: 1,
      open: 0,
      success_rate: 0.75,
      captured: 4000,
      refunded: 250,
      refunds: 1,
      average: 2000,
    });
    const captured = series.map((step: { captured: number }) => step.captured);
    assert.equal(
      captured.reduce((a: number, b: number) => a + b),
      4000,
    );
    assert.deepEqual(body.declines, [{ decline_code: 'insufficient_funds', payments: 1 }]);
  });

  it('has a step for every day, as days begin in the time zone', async () => {
    const from = '2026-03-27T23:00:00.000Z';
    const to = '2026-03-30T22:00:00.000Z';
    await shop.pay({ amount: 1 });
    const { body } = await report({ from, to, time_zone: 'Europe/Berlin' });
    assert.deepEqual(body.currencies, [], 'nothing was paid then');
    const wide = { from: hoursFrom(-72), to: hoursFrom(1), time_zone: 'Asia/Kolkata' };
    const [euro] = (await report(wide)).body.currencies;
    assert.ok(euro.series.length >= 4, String(euro.series.length));
    for (const { start } of euro.series) assert.match(start, /T18:30:00\.000Z$/);
  });

  it('leaves out what lies outside', async () => {
    const { body } = await report({ from: hoursFrom(-3), to: hoursFrom(-1) });
    assert.deepEqual(body.currencies, []);
    assert.deepEqual(body.declines, []);
  });

  it('says nothing of another organization or mode', async () => {
    const other = await shop.operator.createOrganization('Other');
    for (const key of [
      await shop.operator.mint(other),
      await shop.operator.mint(shop.organization, { mode: 'live' }),
    ]) {
      const query = new URLSearchParams({ from: hoursFrom(-1), to: hoursFrom(1) });
      const { body } = await shop.api.get(`/v1/reports/payments?${query}`, key.key);
      assert.deepEqual([body.currencies, body.declines], [[], []]);
    }
  });

  it('refuses a span that is empty or too long, and a zone nobody knows', async () => {
    for (const query of [
      { from: hoursFrom(1), to: hoursFrom(-1) },
      { from: hoursFrom(-24 * 9), to: hoursFrom(0), interval: 'hour' },
      { from: hoursFrom(-24 * 101), to: hoursFrom(0) },
      { from: hoursFrom(-1), to: hoursFrom(0), time_zone: 'Mars/Olympus' },
    ]) {
      const answer = await report(query);
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.body.code, 'invalid_request');
    }
  });
});
