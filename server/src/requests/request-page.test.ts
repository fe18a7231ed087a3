import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { schemas } from 'payos-contract';
import { openPlans, type Plans } from '../../../tools/harness/plans.ts';
import { newId } from '../core/random.ts';
import { requestPage } from './request-page.ts';

/** An organization whose keys ask very often, and others beside it. */
const organization = newId('organization');
const [payment, refund, request] = [newId('payment'), newId('refund'), newId('request')];
/** Generous for 20 rows; what is kept of the organization is a hundred times that. */
const pagesMax = 250;

let plans: Plans;
before(async () => {
  plans = await openPlans();
  const insert = `INSERT INTO api_requests (organization_id, mode, id, method, route, status,
    actor_type, actor_id, duration_ms, wide, object_id, related_id, created_at)`;
  // Ids of a form of their own, older than all that newId makes; n is their order.
  await plans.client.query(
    `${insert}
     SELECT CASE WHEN n % 5 = 0 THEN 'org_' || n % 50 ELSE $1 END, 'live',
       'req_0' || lpad(n::text, 21, '0'), 'POST', '/v1/payments',
       CASE WHEN n % 9 = 0 THEN 402 ELSE 201 END, 'api_key', 'key_' || n % 50, 12, false,
       'pay_' || n, NULL, now() - (250000 - n) * interval '30 days' / 250000
     FROM generate_series(1, 250000) n`,
    [organization],
  );
  const seldom = `${insert} VALUES ($1, $2, $3, $4, '/v1/refunds', $5, 'api_key', 'key_1',
    12, false, $6, $7, now() - interval '29 days')`;
  const old = (n: number) => `req_0000000000000000${n}1111x`;
  const rows = [
    ['test', newId('request'), 'POST', 201, null, null],
    ['live', old(1), 'DELETE', 200, refund, null],
    ['live', old(2), 'POST', 503, null, null],
    ['live', old(3), 'POST', 201, refund, payment],
    ['live', old(4), 'POST', 201, payment, null],
  ];
  for (const row of rows) await plans.client.query(seldom, [organization, ...row]);
  await plans.client.query('VACUUM ANALYZE api_requests');
});
after(async () => plans?.stop());

const explain = (query: schemas.ListRequests, mode: 'test' | 'live' = 'live') =>
  plans.explain(requestPage({ organization, mode }, query, 21, false).compile(plans.db.lists));

describe('a page of the requests reads little', () => {
  const cases: [string, schemas.ListRequests, number][] = [
    ['the newest', {}, 21],
    ['about a payment and what belongs to it', { object: payment }, 2],
    ['about an object of which nothing is kept', { object: newId('payment') }, 0],
    ['one by its id', { request_id: request }, 0],
    ['refused', { status: '4xx' }, 21],
    ['that failed', { status: '5xx' }, 1],
    ['by a method that is seldom', { method: 'DELETE' }, 1],
    ['by a method and an outcome', { method: 'DELETE', status: '4xx' }, 0],
  ];
  for (const [name, query, count] of cases) {
    it(name, async () => {
      const { rows, pages, ways } = await explain(query);
      assert.equal(rows, count);
      assert.ok(pages < pagesMax, `${pages} pages by ${ways}`);
      assert.ok(!ways.some((way) => way.startsWith('Seq')), ways.join());
    });
  }

  it('of a mode in which little is asked', async () => {
    const { rows, pages } = await explain({}, 'test');
    assert.equal(rows, 1);
    assert.ok(pages < 50, `${pages}`);
  });

  it('of a span', async () => {
    const at = (ago: number) => new Date(Date.now() - ago * 3_600_000).toISOString();
    const span = { created_after: at(1), created_before: at(-1) };
    assert.ok((await explain(span)).pages < 50);
  });
});
