import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { keyPermissions } from 'payos-contract';
import { openSharedShop, type SharedShop } from './shop.ts';

let shop: SharedShop;
let auditor: { id: string; key: string };
before(async () => {
  shop = await openSharedShop();
  auditor = await shop.operator.mint(shop.organization, {
    mode: 'live',
    permissions: keyPermissions('live'),
  });
  await shop.pay();
  await shop.post('/v1/customers', { reference: 'audited', name: 'Not for the log' });
});
after(async () => shop?.stop());

const list = async (query = '') => {
  const answer = await shop.api.get(`/v1/audit_log${query}`, auditor.key);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
};

describe('the audit log', () => {
  it('tells who did what, in both modes and in none, newest first', async () => {
    const { data } = await list();
    const told = data.map((entry: Record<string, unknown>) => [entry['action'], entry['mode']]);
    assert.deepEqual(told.slice(0, 3), [
      ['customer.create', 'test'],
      ['payment.authorize.settle', 'test'],
      ['payment.create', 'test'],
    ]);
    const { actor, address, request_id, object_id, details } = data[2];
    assert.deepEqual(actor, { type: 'api_key', id: shop.secretId, name: 'test' });
    assert.equal(address, '127.0.0.1');
    assert.match(request_id, /^req_/);
    assert.match(object_id, /^pay_/);
    assert.equal(details.amount, 1999);
  });

  it('names operators and their acts', async () => {
    const { data } = await list('?actor_type=operator&action=api_key.*');
    assert.ok(data.length >= 3);
    const [first] = data;
    assert.equal(first.action, 'api_key.create');
    assert.deepEqual(first.actor, { type: 'operator', id: 'local', name: null });
  });

  it('leads from page to page and back, each entry once', async () => {
    const whole = (await list('?limit=100')).data.map((entry: { id: string }) => entry.id);
    const seen: string[] = [];
    let page = await list('?limit=2');
    for (;;) {
      seen.push(...page.data.map((entry: { id: string }) => entry.id));
      if (page.next === null || !page.has_more) break;
      page = await list(`?limit=2&after=${page.next}`);
    }
    assert.deepEqual(seen, whole);
    const back = await list(`?limit=2&before=${whole[2]}`);
    assert.deepEqual(
      back.data.map((entry: { id: string }) => entry.id),
      whole.slice(0, 2),
    );
  });

  it('finds by request, object, mode and time', async () => {
    const [entry] = (await list('?action=payment.create')).data;
    for (const query of [`request_id=${entry.request_id}`, `object_id=${entry.object_id}`]) {
      assert.equal((await list(`?${query}`)).data.length, 2, query);
    }
    assert.equal((await list(`?object_id=${entry.object_id}&mode=live`)).data.length, 0);
    const since = encodeURIComponent(entry.created_at);
    assert.ok((await list(`?created_after=${since}`)).data.length >= 2);
    const before = (await list(`?created_before=${since}`)).data;
    assert.ok(before.length > 0);
    assert.ok(before.every((row: { id: string }) => Number(row.id) < Number(entry.id)));
  });

  it('is not for keys of test mode, and shows nothing of others', async () => {
    const refused = await shop.get('/v1/audit_log');
    assert.equal(refused.status, 403, refused.text);
    const other = await shop.operator.createOrganization('Other');
    const { key } = await shop.operator.mint(other, {
      mode: 'live',
      permissions: keyPermissions('live'),
    });
    const { body } = await shop.api.get('/v1/audit_log', key);
    assert.ok(!JSON.stringify(body).includes(shop.secretId));
  });

  it('refuses two cursors', async () => {
    const answer = await shop.api.get('/v1/audit_log?after=1&before=2', auditor.key);
    assert.equal(answer.status, 400);
  });
});
