import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { schemas } from 'payos-contract';
import { idsOver, openPlans, type Plans } from '../../../tools/harness/plans.ts';
import { newId } from '../core/random.ts';
import { paymentPage } from './payment-page.ts';

/**
 * An organization with 200,000 payments, others beside it, and long ago a few payments of every
 * kind that is seldom. Whatever one asks for, a page is found without walking the organization.
 */
const organization = newId('organization');
const many = 250_000;
/** Generous for 20 rows; the payments of the organization are on fifty times as many pages. */
const pagesMax = 400;
/** A search looks in several ways, each for some hundred rows at most. */
const pagesOfSearchMax = 1_500;

/** What is hard to find: made at the beginning, and never again. */
const rare = {
  customer: newId('customer'),
  token: newId('token'),
  attempt: newId('attempt'),
  refund: newId('refund'),
  event: newId('event'),
  request: newId('request'),
  method: newId('paymentMethod'),
};

let plans: Plans;
before(async () => {
  plans = await openPlans();
  await plans.client.query('SET synchronous_commit = off');
  await plans.fill('payments', makeOrdinary);
  await plans.fill('customers', makeCustomers);
  await makeRare();
  await plans.client.query('VACUUM ANALYZE');
});
after(async () => plans?.stop());

const columns = `organization_id, id, mode, status, amount, currency, amount_captured, capture,
  initiated_by, token_id, customer_id, save_card, card, reference, description, processor,
  decline_code, failure, created_at`;

async function makeOrdinary(): Promise<void> {
  await plans.client.query(
    `INSERT INTO payments (${columns})
     SELECT CASE WHEN n % 5 = 0 THEN 'org_' || n % 40 ELSE $1 END,
       id, 'live',
       CASE WHEN n % 10 = 3 THEN 'failed' ELSE 'succeeded' END, 100 + (n * 7919::bigint) % 60000,
       CASE WHEN n % 7 = 0 THEN 'USD' ELSE 'EUR' END, 0, 'automatic', 'customer', 'tok_' || n,
       CASE WHEN n % 3 = 0 THEN 'cus_' || n % 5000 END, false,
       jsonb_build_object('brand', 'visa', 'last4', lpad(((n * 7907::bigint) % 9000)::text, 4, '0'),
         'bin', '424242', 'exp_month', 12, 'exp_year', 2031),
       'ORD-' || n, 'Order ' || n || ' of the shop', 'simulator',
       CASE WHEN n % 10 = 3 THEN 'do_not_honor' END, NULL,
       now() - (${many} - n) * interval '300 days' / ${many}
     FROM unnest($2::text[]) WITH ORDINALITY AS made (id, n)`,
    [organization, idsOver(300, 'payment', many)],
  );
}

async function makeCustomers(): Promise<void> {
  await plans.client.query(
    `INSERT INTO customers (organization_id, mode, id, email, reference, name)
     SELECT CASE WHEN n % 5 = 0 THEN 'org_' || n % 40 ELSE $1 END, 'live', 'cus_' || n,
       'person' || n || '@shop.example', 'P-' || n, 'Grace Hopper ' || n
     FROM generate_series(0, 30000) n`,
    [organization],
  );
}

async function makeRare(): Promise<void> {
  const { client } = plans;
  const payment = async (n: number, more: Record<string, unknown>) => {
    const id = `pay_00000000000000000${n}xxxx`;
    const all = {
      organization_id: organization,
      id,
      mode: 'live',
      status: 'succeeded',
      amount: 1,
      currency: 'EUR',
      amount_captured: 0,
      amount_refunded: 0,
      capture: 'automatic',
      initiated_by: 'customer',
      token_id: newId('token'),
      save_card: false,
      card: '{"last4":"9999"}',
      processor: 'simulator',
      created_at: '2026-01-01',
      ...more,
    };
    const names = Object.keys(all);
    const places = names.map((_, index) => `$${index + 1}`);
    const text = `INSERT INTO payments (${names}) VALUES (${places})`;
    await client.query(text, Object.values(all));
    return id;
  };
  const owned = [organization, 'live'];
  await client.query(
    `INSERT INTO customers (organization_id, mode, id, email, reference, name)
     VALUES ($1, $2, $3, 'Ada@Example.com', 'C-1001', 'Ada Lovelace')`,
    [...owned, rare.customer],
  );
  const saved = { customer_id: rare.customer, payment_method_id: rare.method };
  const found = await payment(1, { token_id: rare.token, ...saved, reference: 'Very-Special' });
  await client.query(
    `INSERT INTO payment_methods (organization_id, mode, id, customer_id, token_id, card)
     VALUES ($1, $2, $3, $4, $5, '{}')`,
    [...owned, rare.method, rare.customer, rare.token],
  );
  await client.query(
    `INSERT INTO refunds (organization_id, mode, id, payment_id, status, amount, currency)
     VALUES ($1, $2, $3, $4, 'succeeded', 1, 'EUR')`,
    [...owned, rare.refund, found],
  );
  await client.query(
    `INSERT INTO events (organization_id, mode, id, type, object_id, sequence, api_version, data)
     VALUES ($1, $2, $3, 'refund.succeeded', $4, 1, '', '{}')`,
    [...owned, rare.event, rare.refund],
  );
  await client.query(
    `INSERT INTO api_requests (organization_id, mode, id, method, route, status, actor_type,
       actor_id, duration_ms, wide, object_id, related_id, created_at)
     VALUES ($1, $2, $3, 'POST', '/v1/refunds', 201, 'api_key', 'key_1', 1, false, $4, $5, now())`,
    [...owned, rare.request, rare.refund, found],
  );
  await payment(2, { status: 'requires_capture', capture: 'manual' });
  await payment(3, { status: 'canceled', capture: 'manual' });
  await payment(4, { status: 'failed', failure: 'processor_unavailable' });
  await payment(5, { status: 'failed', decline_code: 'stolen_card' });
  await payment(6, { currency: 'JPY', amount: 777_777, amount_captured: 777_777 });
  await payment(7, { description: 'A Unicorn, in blue', amount_captured: 1, amount_refunded: 1 });
  const open = await payment(8, { status: 'processing', card: '{"last4":"9444"}' });
  await client.query(
    `INSERT INTO attempts (organization_id, mode, id, payment_id, kind, state, processor, amount,
       resolve_at) VALUES ($1, $2, $3, $4, 'authorize', 'unknown', 'simulator', 1, now())`,
    [...owned, rare.attempt, open],
  );
}

const explain = (query: schemas.ListPayments) =>
  plans.explain(
    paymentPage({ organization, mode: 'live' }, query, 21, true).compile(plans.db.lists),
  );

const at = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString();

describe('a page of payments reads little', () => {
  const cases: [string, schemas.ListPayments, number][] = [
    ['the newest', {}, 21],
    ['that succeeded', { status: 'succeeded' }, 21],
    ['that failed', { status: 'failed' }, 21],
    ['that wait for capture', { status: 'requires_capture' }, 1],
    ['that were canceled or are open', { status: 'canceled,processing' }, 2],
    ['in all the seldom states', { status: 'canceled,processing,requires_capture' }, 3],
    ['that were refunded', { refunded: true }, 1],
    ['in a currency that is usual', { currency: 'eur' }, 21],
    ['in a currency that is seldom', { currency: 'JPY' }, 1],
    ['in a currency that never was', { currency: 'CHF' }, 0],
    ['of one amount', { currency: 'JPY', amount_min: 777_777, amount_max: 777_777 }, 1],
    ['of one amount, whatever the currency', { amount_min: 777_777, amount_max: 777_777 }, 1],
    ['of an amount that never was', { amount_min: 99_999_999 }, 0],
    ['of most amounts', { amount_min: 200 }, 21],
    ['of a customer', { customer: rare.customer }, 1],
    ['with a reference', { reference: 'Very-Special' }, 1],
    ['with a reference in other letters', { reference: 'VERY-special' }, 0],
    ['with a card', { last4: '9999' }, 7],
    ['with a card that was never used', { last4: '9998' }, 0],
    ['declined for a reason that is seldom', { decline_code: 'stolen_card' }, 1],
    ['declined for a reason that is usual', { decline_code: 'do_not_honor' }, 21],
    ['of a day long ago', { created_after: at(290), created_before: at(289) }, 21],
    ['from before everything', { created_before: at(301) }, 8],
    [
      'that failed with a card, since',
      { status: 'failed', last4: '9999', created_after: at(1) },
      0,
    ],
    ['searched by payment', { q: 'pay_111111111111111111111a' }, 0],
    ['searched by attempt', { q: rare.attempt }, 1],
    ['searched by refund', { q: rare.refund }, 1],
    ['searched by token', { q: rare.token }, 1],
    ['searched by customer', { q: rare.customer }, 1],
    ['searched by saved card', { q: rare.method }, 1],
    ['searched by event', { q: rare.event }, 1],
    ['searched by request', { q: ` ${rare.request} ` }, 1],
    ['searched by last four digits', { q: '9444' }, 1],
    ['searched by the beginning of a reference', { q: 'very-sp' }, 1],
    ['searched by the beginning of all references', { q: 'ord-' }, 21],
    ['searched by the beginning of few references', { q: 'ORD-24999' }, 9],
    ['searched by a word that is seldom', { q: 'unic' }, 1],
    ['searched by two words', { q: 'blue unicorn' }, 1],
    ['searched by two words that never met', { q: 'shop unicorn' }, 0],
    ['searched by a word that is in all', { q: 'shop' }, 21],
    ['searched by two words that are in all', { q: 'order shop' }, 21],
    ['searched by email', { q: 'ada@EXAMPLE' }, 1],
    ['searched by the customer`s reference', { q: 'c-10' }, 1],
    ['searched by last name', { q: 'lovelace' }, 1],
    ['searched by the beginning of all emails', { q: 'person' }, 21],
    ['searched by a name that very many have', { q: 'hopper' }, 21],
    ['searched by what is nowhere', { q: 'nobody%_\\' }, 0],
    ['searched by no word at all', { q: '…' }, 0],
    ['searched by a word, failed', { q: 'unicorn', status: 'failed,canceled' }, 0],
  ];
  for (const [name, query, count] of cases) {
    it(name, async () => {
      const { rows, pages, ways, milliseconds } = await explain(query);
      if (process.env['SHOW']) console.log(name.padEnd(50), pages, milliseconds, ways.join(' '));
      assert.equal(rows, count);
      const most = query.q === undefined ? pagesMax : pagesOfSearchMax;
      assert.ok(pages < most, `${pages} pages by ${ways}`);
    });
  }
});
