import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { defaultKeyPermissions, type Mode } from 'payos-contract';
import type { Person } from '../../tools/harness/people.ts';
import { openSharedOffice, type SharedOffice } from './office.ts';

let office: SharedOffice;
let owner: Person;
before(async () => {
  office = await openSharedOffice();
  owner = await office.join('owner');
});
after(async () => office?.stop());
beforeEach(async () => {
  const own = [office.organization];
  const living = 'organization_id = $1 AND revoked_at IS NULL';
  await office.rows(`UPDATE api_keys SET revoked_at = now() WHERE ${living}`, own);
  await office.rows('DELETE FROM api_key_policies WHERE organization_id = $1', own);
});

const day = 86_400_000;
async function made(body: object = {}, mode: Mode = 'test', person = owner) {
  const call = { body: { name: 'Key', permissions: ['payments:read'], ...body }, mode };
  const answer = await person.call('POST', '/v1/api_keys', call);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}
const set = (id: string, what: string) =>
  office.rows(`UPDATE api_keys SET ${what} WHERE id = $1`, [id]);
const age = (id: string, days: number) => set(id, `created_at = now() - interval '${days} days'`);
const use = (id: string, address: string, agent: string, daysAgo = 0, requests = 1) =>
  office.rows(
    `INSERT INTO api_key_uses VALUES ($1, $2, $3, $4, $5, now() - $6 * interval '1 day',
       now() - $6 * interval '1 day')`,
    [office.organization, id, address, agent, requests, daysAgo],
  );
const usePermission = (id: string, name: string, daysAgo: number) =>
  office.rows(
    `INSERT INTO api_key_permission_uses VALUES ($1, $2, $3, 7, now() - $4 * interval '1 day')`,
    [office.organization, id, name, daysAgo],
  );

type Line = {
  key: { id: string };
  finding: string;
  severity: string;
  detail: string;
  fix: string;
  permissions: string[];
};
async function safety(mode: Mode = 'test'): Promise<{ keys: number; data: Line[] }> {
  const answer = await owner.get('/v1/api_key_safety', mode);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}
async function found(id: string, mode: Mode = 'test'): Promise<Record<string, Line>> {
  const lines = (await safety(mode)).data.filter((line) => line.key.id === id);
  return Object.fromEntries(lines.map((line) => [line.finding, line]));
}
const names = async (id: string, mode: Mode = 'test') => Object.keys(await found(id, mode)).sort();

describe('the use of a key', () => {
  it('is told by address and program, latest first, and by permission', async () => {
    const key = await made({ permissions: ['payments:read', 'refunds:read', 'events:read'] });
    await age(key.id, 200);
    await use(key.id, '203.0.113.7', 'node/24', 3, 10);
    await use(key.id, '2001:db8::1', 'curl/8', 1, 2);
    await usePermission(key.id, 'payments:read', 1);
    await usePermission(key.id, 'refunds:read', 91);
    const { body } = await owner.get(`/v1/api_keys/${key.id}/usage`, 'test');
    assert.deepEqual(
      body.uses.map((one: Record<string, unknown>) => [one['address'], one['requests']]),
      [
        ['2001:db8::1', 2],
        ['203.0.113.7', 10],
      ],
    );
    assert.equal(body.last_used_at, body.uses[0].last_used_at);
    const by = Object.fromEntries(
      body.permissions.map((one: { permission: string }) => [one.permission, one]),
    );
    assert.deepEqual(
      Object.values(by).map((one) => (one as { unused: boolean }).unused),
      [false, true, true],
    );
    assert.equal(by['events:read'].last_used_at, null);
  });

  it('of a permission begins when it was given', async () => {
    const key = await made({ permissions: ['payments:read', 'refunds:read'] });
    await age(key.id, 200);
    const path = `/v1/api_keys/${key.id}`;
    const change = (permissions: string[]) =>
      owner.call('PATCH', path, { body: { permissions }, mode: 'test' });
    assert.equal((await change(['payments:read', 'events:read'])).status, 200);
    await change(['payments:read', 'events:read', 'refunds:read']);
    const { body } = await owner.get(`${path}/usage`, 'test');
    const unused = body.permissions.filter((one: { unused: boolean }) => one.unused);
    assert.deepEqual(
      unused.map((one: { permission: string }) => one.permission),
      ['payments:read'],
    );
    for (const one of body.permissions) assert.equal(one.last_used_at, null);
  });

  it('is nobody else`s to see', async () => {
    const key = await made();
    const stranger = await office.join('owner', { organization: office.stranger });
    const path = `/v1/api_keys/${key.id}/usage`;
    assert.equal((await stranger.get(path, 'test')).status, 404);
    assert.equal((await owner.get(path, 'live')).status, 404);
    const told = await office.operator.call('GET', `/operator/api_keys/${key.id}/usage`);
    assert.deepEqual(told['uses'], []);
  });
});

describe('the safety of keys', () => {
  it('has nothing to say of a key as it should be', async () => {
    const key = await made(
      {
        service: 'checkout',
        ip_ranges: ['203.0.113.0/24'],
        expires_at: new Date(Date.now() + 60 * day).toISOString(),
      },
      'live',
    );
    assert.deepEqual(await names(key.id, 'live'), []);
    const { keys, data } = await safety('live');
    assert.deepEqual([keys, data], [1, []]);
  });

  it('says what is missing on a key as it was made first', async () => {
    const key = await made({ permissions: defaultKeyPermissions('live') }, 'live');
    assert.deepEqual(await names(key.id, 'live'), ['never_expires', 'no_ip_ranges', 'too_broad']);
    const wide = { ip_ranges: ['203.0.113.0/24', '::/0'] };
    const half = await made({ ...wide, permissions: ['payments:read'] }, 'live');
    assert.deepEqual(await names(half.id, 'live'), ['never_expires', 'no_ip_ranges']);
    const page = await made({ kind: 'publishable', permissions: ['tokens:create'] }, 'live');
    assert.deepEqual(await names(page.id, 'live'), ['no_origins']);
    const other = await made({}, 'test');
    assert.deepEqual(await names(other.id), ['never_expires']);
    await owner.call('PATCH', '/v1/api_key_policy', {
      body: { require_ip_ranges: true, one_service_per_key: true, on_overdue: 'expire' },
      mode: 'test',
    });
    const strict = await found(other.id);
    assert.deepEqual(Object.keys(strict).sort(), ['no_ip_ranges', 'no_service']);
    assert.equal(strict['no_ip_ranges']?.severity, 'high');
    assert.equal(strict['no_ip_ranges']?.fix, 'restrict_addresses');
  });

  it('says what is due, overdue, or about to end', async () => {
    const [soon, late, ending, far] = [await made(), await made(), await made(), await made()];
    await age(soon.id, 77);
    await age(late.id, 88);
    await set(ending.id, `expires_at = now() + interval '13 days'`);
    await set(far.id, `expires_at = now() + interval '15 days'`);
    assert.equal((await found(soon.id))['due_soon']?.severity, 'medium');
    assert.equal((await found(late.id))['due_soon']?.severity, 'medium');
    await set(late.id, `created_at = now() - interval '89 days 1 hour'`);
    assert.equal((await found(late.id))['due_soon']?.severity, 'high');
    await age(late.id, 90);
    assert.equal((await found(late.id))['overdue']?.severity, 'high');
    const words = (await found(ending.id))['due_soon']?.detail ?? '';
    assert.match(words, /^It ends on \d{1,2} [A-Z][a-z]+ \d{4}\.$/);
    assert.deepEqual(await names(far.id), []);
    await owner.post(`/v1/api_keys/${late.id}/rotate`);
    await owner.call('POST', `/v1/api_keys/${late.id}/rotate`, { body: {}, mode: 'test' });
    assert.deepEqual(await names(late.id), []);
  });

  it('says what nobody uses: keys, and permissions', async () => {
    const [never, once, some, young] = [
      await made(),
      await made(),
      await made({ permissions: ['payments:read', 'refunds:read', 'events:read'] }),
      await made({ permissions: ['payments:read', 'refunds:read'] }),
    ];
    await owner.call('PATCH', '/v1/api_key_policy', { body: { max_age_days: null }, mode: 'test' });
    for (const { id } of [never, once, some]) await age(id, 100);
    await age(young.id, 89);
    await use(once.id, '10.0.0.1', 'node', 95);
    await use(some.id, '10.0.0.1', 'node', 1);
    await usePermission(some.id, 'payments:read', 1);
    assert.deepEqual(await names(never.id), ['never_expires', 'unused']);
    assert.equal((await found(never.id))['unused']?.fix, 'revoke');
    assert.match((await found(once.id))['unused']?.detail ?? '', /The last time was on /);
    const narrow = (await found(some.id))['unused_permissions'];
    assert.deepEqual(narrow?.permissions.toSorted(), ['events:read', 'refunds:read']);
    assert.equal(narrow?.fix, 'narrow');
    assert.deepEqual(await names(young.id), ['never_expires']);
  });

  it('says when two services have one key, and not when one has several machines', async () => {
    const [two, many, old, page] = [
      await made(),
      await made(),
      await made(),
      await made({ kind: 'publishable', permissions: ['tokens:create'] }),
    ];
    for (const { id } of [two, page]) {
      await use(id, '203.0.113.7', 'checkout/1.0 node/24');
      await use(id, '198.51.100.7', 'reports/2.0');
    }
    for (const host of [1, 2, 3]) await use(many.id, `203.0.113.${host}`, 'checkout/1.0');
    await use(many.id, '203.0.113.1', 'curl/8');
    await use(many.id, '2001:db8::1', 'checkout/1.1');
    await use(old.id, '203.0.113.7', 'checkout/1.0');
    await use(old.id, '198.51.100.7', 'reports/2.0', 8);
    const shared = (await found(two.id))['shared'];
    assert.match(shared?.detail ?? '', /checkout and by reports|reports and by checkout/);
    for (const { id } of [many, old, page]) assert.ok(!(await names(id)).includes('shared'), id);
  });

  it('says when one key is for two environments, by what it is called', async () => {
    const ip_ranges = ['10.0.0.0/8'];
    const both = await made({ name: 'checkout (staging + prod)', ip_ranges }, 'live');
    const staging = await made({ service: 'shop-staging', ip_ranges }, 'live');
    const fine = await made({ name: 'production', service: 'latest-reports', ip_ranges }, 'live');
    const test = await made({ name: 'staging' });
    assert.match(
      (await found(both.id, 'live'))['shared_environments']?.detail ?? '',
      /prod.*staging/,
    );
    assert.match(
      (await found(staging.id, 'live'))['shared_environments']?.detail ?? '',
      /live key/,
    );
    for (const [{ id }, mode] of [
      [fine, 'live'],
      [test, 'test'],
    ] as const) {
      assert.ok(!(await names(id, mode)).includes('shared_environments'));
    }
  });

  it('says whose owner may do less now, or is gone', async () => {
    const person = await office.join('developer');
    const key = await made({ permissions: ['payments:read', 'events:read'] }, 'test', person);
    await office.rows(`UPDATE members SET role_test = 'analyst' WHERE id = $1`, [person.member]);
    const beyond = (await found(key.id))['beyond_owner'];
    assert.deepEqual(beyond?.permissions, ['events:read']);
    assert.equal(beyond?.fix, 'narrow');
    await office.rows(`UPDATE members SET status = 'disabled' WHERE id = $1`, [person.member]);
    const gone = await found(key.id);
    assert.equal(gone['owner_gone']?.severity, 'medium');
    assert.equal(gone['beyond_owner'], undefined);
    const minted = await office.operator.mint(office.organization, {
      permissions: ['payments:read'],
    });
    assert.equal((await found(minted.id))['owner_gone']?.severity, 'low');
  });

  it('says first what was exposed, and nothing of keys that are off or ended', async () => {
    const [seen, off, ended] = [await made(), await made(), await made()];
    for (const { id } of [seen, off, ended]) {
      await set(id, `exposed_at = now(), exposed_how = 'plain_http'`);
    }
    await owner.call('POST', `/v1/api_keys/${off.id}/disable`, { body: {}, mode: 'test' });
    await set(ended.id, 'expires_at = now()');
    const { data, keys } = await safety();
    assert.equal(keys, 1);
    assert.equal(data[0]?.finding, 'exposed');
    assert.match(data[0]?.detail ?? '', /over plain HTTP/);
    assert.ok(data.every((line) => line.key.id === seen.id));
  });

  it('is each organization`s and mode`s own', async () => {
    const key = await made();
    const stranger = await office.join('owner', { organization: office.stranger });
    const other = await stranger.get('/v1/api_key_safety', 'test');
    assert.ok(!other.text.includes(key.id));
    assert.deepEqual(await names(key.id, 'live'), []);
  });
});
