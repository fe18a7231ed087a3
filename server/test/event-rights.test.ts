import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startWebhookReceiver } from '../../tools/harness/webhook-receiver.ts';
import { both, openSharedOffice, type SharedOffice } from './office.ts';
import { eventually } from './shop.ts';

const url = 'https://localhost:9443/hook';
const path = '/v1/webhook_endpoints';

let office: SharedOffice;
before(async () => {
  office = await openSharedOffice();
});
after(async () => office?.stop());

describe('threat: events tell of people what the permissions of their reader forbid', () => {
  it('in the list, by type, by id and as a cursor', async () => {
    const owner = await office.join('owner');
    const developer = await office.join('developer');
    const invited = await owner.post('/v1/invitations', {
      email: 'secret.hire@people.example',
      roles: both('analyst'),
    });
    assert.equal(invited.status, 201, invited.text);
    const ranges = { ip_ranges: ['127.0.0.0/8', '::1/128'] };
    const policy = await owner.call('PATCH', '/v1/security_policy', { body: ranges });
    assert.equal(policy.status, 200, policy.text);
    const told = await eventually(async () => {
      const { data } = (await owner.get('/v1/events')).body;
      return data.length >= 2 ? data : undefined;
    }, 'that the owner sees both events');
    const types = told.map((event: { type: string }) => event.type);
    assert.deepEqual(types, ['security_policy.updated', 'invitation.created']);
    const listed = await developer.get('/v1/events');
    assert.deepEqual(listed.body.data, []);
    for (const { id, type } of told) {
      assert.deepEqual((await developer.get(`/v1/events?type=${type}`)).body.data, []);
      assert.equal((await developer.get(`/v1/events/${id}`)).body.code, 'not_found');
      assert.equal((await developer.get(`/v1/events?after=${id}`)).body.code, 'invalid_request');
    }
    const role = await office.makeRole(['events:read', 'members:read']);
    const reader = await office.join(role);
    const some = (await reader.get('/v1/events')).body.data;
    assert.deepEqual(
      some.map((event: { type: string }) => event.type),
      ['invitation.created'],
    );
  });

  it('by a webhook endpoint whose maker may not see them', async (test) => {
    const receivers = await Promise.all(
      [1, 2].map(() => startWebhookReceiver(office.cluster.certificates)),
    );
    test.after(() => Promise.all(receivers.map((one) => one.stop())));
    const [spying, trusted] = receivers;
    assert.ok(spying && trusted);
    const owner = await office.join('owner');
    const developer = await office.join('developer');
    const named = await developer.post(path, { url, events: ['member.joined'] });
    assert.deepEqual([named.status, named.body.code], [403, 'permission_denied'], named.text);
    const spy = await developer.post(path, { url: spying.url });
    const good = await owner.post(path, { url: trusted.url });
    spying.expect(spy.body.secret);
    trusted.expect(good.body.secret);
    const renamed = { events: ['invitation.created'] };
    const sly = await developer.call('PATCH', `${path}/${spy.body.id}`, { body: renamed });
    assert.equal(sly.body.code, 'permission_denied', sly.text);
    for (const body of [{ url }, { events: ['*'] }]) {
      const moved = await developer.call('PATCH', `${path}/${good.body.id}`, { body });
      assert.deepEqual([moved.status, moved.body.code], [403, 'more_than_own'], moved.text);
    }
    const off = { description: 'Mine' };
    const described = await developer.call('PATCH', `${path}/${good.body.id}`, { body: off });
    assert.equal(described.status, 200, described.text);
    const email = 'another.hire@people.example';
    await owner.post('/v1/invitations', { email, roles: both('analyst') });
    await developer.post('/v1/customers', { name: 'Ada' });
    const role = await owner.post('/v1/roles', { name: 'Temp', permissions: ['events:read'] });
    assert.equal(role.status, 201, role.text);
    const last = await owner.post(path, { url });
    assert.equal(last.status, 201, last.text);
    const typesAt = (one: typeof spying) => one.received.map(({ event }) => event.type);
    await eventually(async () => {
      const done = (one: typeof spying) =>
        typesAt(one).filter((type) => type.startsWith('webhook_endpoint.created')).length;
      const told = ['invitation.created', 'role.created'];
      const all = told.every((type) => typesAt(trusted).includes(type));
      return done(spying) > 0 && all ? true : undefined;
    }, 'that both receivers are told');
    const leaked = typesAt(spying).filter((type) => /^(member|invitation|role|secur)/.test(type));
    assert.deepEqual(leaked, []);
  });

  it('by an endpoint of before, which has no rights', async () => {
    const [column] = await office.rows(
      `SELECT column_default FROM information_schema.columns
       WHERE table_name = 'webhook_endpoints' AND column_name = 'event_rights'`,
    );
    assert.equal(column.column_default, `'{}'::text[]`);
  });
});
