import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { schemas } from 'payos-contract';
import { openPlans, type Plans } from '../../../tools/harness/plans.ts';
import { newId } from '../core/random.ts';
import { auditPage } from './audit-page.ts';

/**
 * An organization with very many payments, on which people did something now and then, and others
 * beside it. Whatever one asks for, a page of it is found without reading the whole log.
 */
const organization = newId('organization');
const [busyKey, quietKey, member] = [newId('apiKey'), newId('apiKey'), newId('member')];
const [payment, request] = [newId('payment'), newId('request')];
const days = 400;
/** Generous for 20 rows; the whole log of the organization is a hundred times that. */
const pagesMax = 300;

let plans: Plans;
before(async () => {
  plans = await openPlans();
  const columns = `organization_id, mode, actor_type, actor_id, action, object_id, request_id,
    created_at`;
  const { client } = plans;
  await client.query(`CREATE TEMPORARY TABLE story AS SELECT ${columns} FROM audit_log`);
  await client.query(
    `INSERT INTO story
     SELECT CASE WHEN n % 5 = 0 THEN 'org_' || n % 50 ELSE $1 END, 'live', 'api_key',
       CASE WHEN n % 5 = 0 THEN 'key_' || n % 50 ELSE $2 END,
       CASE n % 2 WHEN 0 THEN 'payment.create' ELSE 'payment.authorize.settle' END,
       'pay_' || n / 2, 'req_' || n / 2, now() - (250000 - n) * interval '${days} days' / 250000
     FROM generate_series(1, 250000) n`,
    [organization, busyKey],
  );
  // Long ago, and seldom since: what is hard to find from the newest end.
  const rows = [
    [quietKey, 'live', 'api_key', 'payment.create', payment, request],
    [quietKey, 'test', 'api_key', 'payment.create', newId('payment'), newId('request')],
    [member, null, 'member', 'member.roles_change', newId('member'), newId('request')],
    ['local', null, 'operator', 'api_key.create', newId('apiKey'), null],
  ];
  const seldom = `INSERT INTO story SELECT $1, $3, $4, $2, $5, $6, $7, now() - n * interval '1 day'
    FROM generate_series(380, 384) n`;
  for (const row of rows) await client.query(seldom, [organization, ...row]);
  await client.query(
    `INSERT INTO audit_log (${columns}) SELECT ${columns} FROM story ORDER BY created_at`,
  );
  await client.query('VACUUM ANALYZE audit_log');
});
after(async () => plans?.stop());

const at = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
const explain = (query: schemas.ListAuditLog) =>
  plans.explain(auditPage(organization, query, 21).compile(plans.db.lists));

describe('a page of the audit log reads little', () => {
  const cases: [string, schemas.ListAuditLog, number][] = [
    ['the newest', {}, 21],
    ['of a mode that is seldom', { mode: 'test' }, 5],
    ['of the organization as a whole', { mode: 'none' }, 10],
    ['of the key that does everything', { actor: busyKey }, 21],
    ['of a key that did something long ago', { actor: quietKey }, 10],
    ['of a member', { actor: member }, 5],
    ['of all members', { actor_type: 'member' }, 5],
    ['of operators, in no mode', { actor_type: 'operator', mode: 'none' }, 5],
    ['of keys', { actor_type: 'api_key' }, 21],
    ['by an action that is seldom', { action: 'member.roles_change' }, 5],
    ['by an action that is frequent', { action: 'payment.create' }, 21],
    ['by a kind of action that is seldom', { action: 'api_key.*' }, 5],
    ['by a kind of action that is frequent', { action: 'payment.*' }, 21],
    ['by an action that never was', { action: 'role.delete' }, 0],
    ['about an object', { object_id: payment }, 5],
    ['of a request of today', { request_id: newId('request') }, 0],
    ['of a span long ago', { created_after: at(300), created_before: at(299) }, 21],
    ['before everything', { created_before: at(days + 10) }, 0],
    ['after everything', { created_after: at(-1) }, 0],
    ['of a member in a span', { actor: member, created_after: at(382.5) }, 3],
  ];
  for (const [name, query, count] of cases) {
    it(name, async () => {
      const { rows, pages, ways } = await explain(query);
      assert.equal(rows, count);
      assert.ok(pages < pagesMax, `${pages} pages by ${ways}`);
      assert.ok(!ways.some((way) => way.startsWith('Seq')), ways.join());
    });
  }
});
