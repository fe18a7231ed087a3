import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { schemas } from 'payos-contract';
import { idsOver, openPlans, type Plans } from '../../../tools/harness/plans.ts';
import { newId } from '../core/random.ts';
import { eventPage, spanOf } from './event-page.ts';
import { typesHidden } from './event-rights.ts';

const organization = newId('organization');
const payment = newId('payment');
/** Generous for 20 rows; the events of the organization lie on thirty times as many pages. */
const pagesMax = 150;

let plans: Plans;
before(async () => {
  plans = await openPlans();
  await plans.fill('events', () =>
    plans.client.query(
      `INSERT INTO events (organization_id, id, xid, mode, type, object_id, sequence, api_version,
         data, created_at)
       SELECT CASE WHEN n % 5 = 0 THEN 'org_' || n % 40 ELSE $1 END,
         id, n::text::xid8, 'live',
         CASE WHEN n = 9 THEN 'webhook_endpoint.disabled' ELSE 'payment.succeeded' END,
         CASE WHEN n = 8 THEN $2 ELSE 'pay_' || n END, 1, '', '{"amount": 1999, "currency": "EUR"}',
         now() - (100000 - n) * interval '100 days' / 100000
       FROM unnest($3::text[]) WITH ORDINALITY AS made (id, n)`,
      [organization, payment, idsOver(100, 'event', 100_000)],
    ),
  );
  await plans.client.query('VACUUM ANALYZE events');
});
after(async () => plans?.stop());

const at = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();

describe('a page of events reads little', () => {
  const cases: [string, schemas.ListEvents, number][] = [
    ['of types that not everybody may see', { created_after: at(1) }, 21],
    ['of a type that is seldom', { type: 'webhook_endpoint.disabled' }, 1],
    ['of a type that never was', { type: 'refund.failed' }, 0],
    ['of a type that is usual', { type: 'payment.succeeded' }, 21],
    ['of an object', { object: payment }, 1],
    ['of an object by type', { object: payment, type: 'payment.failed' }, 0],
    ['from long ago', { created_before: at(101) }, 0],
    ['of a day long ago', { created_after: at(60), created_before: at(59) }, 21],
    ['of a type in a span', { type: 'payment.failed', created_after: at(3) }, 0],
  ];
  for (const [name, query, count] of cases) {
    it(name, async () => {
      const scope = { organization, mode: 'live' } as const;
      const span = await spanOf(plans.db, scope, query);
      const hidden = typesHidden([]);
      const statement = eventPage(scope, query, { place: undefined, span, hidden }, 21);
      // The numbers of these transactions are made up: the horizon has to be as well.
      const compiled = statement.compile(plans.db.lists);
      const sql = compiled.sql.replace('pg_snapshot_xmin(pg_current_snapshot())', "'300000'::xid8");
      const { rows, pages, ways } = await plans.explain({ ...compiled, sql });
      assert.equal(rows, count);
      assert.ok(pages < pagesMax, `${pages} pages by ${ways}`);
    });
  }
});
