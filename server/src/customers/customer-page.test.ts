import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { schemas } from 'payos-contract';
import { openPlans, type Plans } from '../../../tools/harness/plans.ts';
import { newId } from '../core/random.ts';
import { customerPage } from './customer-page.ts';

const organization = newId('organization');
const ada = newId('customer');
/** The customers of the organization lie on a thousand pages. */
const pagesMax = 600;

let plans: Plans;
before(async () => {
  plans = await openPlans();
  await plans.fill('customers', async () => {
    await plans.client.query(
      `INSERT INTO customers (organization_id, mode, id, email, reference, name)
       SELECT CASE WHEN n % 5 = 0 THEN 'org_' || n % 40 ELSE $1 END, 'live', 'cus_' || n,
         'person' || n || '@shop.example', 'P-' || n, 'Grace Hopper ' || n
       FROM generate_series(1, 60000) n`,
      [organization],
    );
    await plans.client.query(
      `INSERT INTO customers (organization_id, mode, id, email, reference, name)
       VALUES ($1, 'live', $2, 'Ada@Example.com', 'C_1001', 'Ada Lovelace')`,
      [organization, ada],
    );
  });
  await plans.client.query('VACUUM ANALYZE customers');
});
after(async () => plans?.stop());

describe('a page of customers reads little', () => {
  const cases: [string, schemas.ListCustomers, number][] = [
    ['the newest', {}, 21],
    ['by id', { q: ada }, 1],
    ['by email', { q: 'ADA@' }, 1],
    ['by reference', { q: 'c_10' }, 1],
    ['by a reference that is no pattern', { q: 'C%1001' }, 0],
    ['by the exact reference', { reference: 'C_1001' }, 1],
    ['by last name', { q: 'lovel' }, 1],
    ['by both names', { q: 'lovelace a' }, 1],
    ['by what all names have', { q: 'hopper' }, 21],
    ['by what all emails have', { q: 'person' }, 21],
    ['by what nobody has', { q: 'charles' }, 0],
  ];
  for (const [name, query, count] of cases) {
    it(name, async () => {
      const scope = { organization, mode: 'live' } as const;
      const statement = customerPage(scope, query, 21).compile(plans.db.lists);
      const { rows, pages, ways } = await plans.explain(statement);
      assert.equal(rows, count);
      assert.ok(pages < pagesMax, `${pages} pages by ${ways}`);
    });
  }

  it('in the other mode', async () => {
    const statement = customerPage({ organization, mode: 'test' }, {}, 21);
    const { rows, pages } = await plans.explain(statement.compile(plans.db.lists));
    assert.equal(rows, 0);
    assert.ok(pages < 20, `${pages}`);
  });
});
