import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSharedOffice, type SharedOffice } from './office.ts';

let office: SharedOffice;
before(async () => {
  office = await openSharedOffice();
});
after(async () => office?.stop());

/** An invitation's answer holds a link that makes somebody an owner. */
describe('the Idempotency-Key of somebody else', () => {
  const body = { email: 'next@shop.example', roles: { test: 'owner', live: 'owner' } };
  const headers = { 'idempotency-key': 'invite-1' };

  it('gives its answer again only to the person it was given to', async () => {
    const [owner, other, admin] = await Promise.all([
      office.join('owner'),
      office.join('owner'),
      office.join('admin'),
    ]);
    const first = await owner.call('POST', '/v1/invitations', { body, headers });
    assert.equal(first.status, 201, first.text);
    const again = await owner.call('POST', '/v1/invitations', { body, headers });
    assert.equal(again.body.link, first.body.link);
    assert.equal(again.headers['idempotency-replayed'], 'true');

    const byAdmin = await admin.call('POST', '/v1/invitations', { body, headers });
    assert.equal(byAdmin.status, 403, byAdmin.text);
    assert.equal(byAdmin.body.code, 'more_than_own');
    const byOther = await other.call('POST', '/v1/invitations', { body, headers });
    assert.equal(byOther.body.code, 'idempotency_mismatch', byOther.text);
    for (const { text } of [byAdmin, byOther]) assert.ok(!text.includes('#token='));
  });

  it('gives a secret again only to the API key it was given to', async () => {
    const [one, two] = await Promise.all([
      office.operator.mint(office.organization),
      office.operator.mint(office.organization),
    ]);
    const endpoint = { url: 'https://example.com/hook' };
    const make = (key: string) =>
      office.api.call('POST', '/v1/webhook_endpoints', { key, body: endpoint, headers });
    const first = await make(one.key);
    assert.equal(first.status, 201, first.text);
    assert.equal((await make(one.key)).body.secret, first.body.secret);
    const other = await make(two.key);
    assert.equal(other.body.code, 'idempotency_mismatch', other.text);
  });

  it('lets a retry of an ordinary request come with another API key', async () => {
    const [one, two] = await Promise.all([
      office.operator.mint(office.organization),
      office.operator.mint(office.organization),
    ]);
    const make = (key: string) =>
      office.api.call('POST', '/v1/customers', {
        key,
        body: { name: 'Retry' },
        headers: { 'idempotency-key': 'customer-1' },
      });
    const first = await make(one.key);
    assert.equal((await make(two.key)).body.id, first.body.id);
  });
});
