import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { allPermissions, builtInRoleIds } from 'payos-contract';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { Person } from '../../tools/harness/people.ts';
import { both, openSharedOffice, type SharedOffice } from './office.ts';

let office: SharedOffice;
let owner: Person;
let admin: Person;
before(async () => {
  office = await openSharedOffice();
  owner = await office.join('owner');
  admin = await office.join('admin');
});
after(async () => office?.stop());

let count = 0;
function create(by: Person, permissions: readonly string[], name?: string): Promise<Answer> {
  count += 1;
  return by.post('/v1/roles', { name: name ?? `Role ${count}`, permissions });
}
const change = (by: Person, id: string, body: object) =>
  by.call('PATCH', `/v1/roles/${id}`, { body });
const remove = (by: Person, id: string) => by.call('DELETE', `/v1/roles/${id}`);

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code, answer.text);
}

describe('roles', () => {
  it('are listed, the built-in ones first, with how many members have each', async () => {
    const made = (await create(owner, ['payments:read'], 'Aardvark')).body;
    await office.join({ test: made.id, live: made.id });
    await office.join({ test: made.id, live: 'analyst' });
    await office.join(made.id, { disabled: true });
    const { data } = (await admin.get('/v1/roles')).body;
    assert.deepEqual(
      data.slice(0, builtInRoleIds.length).map((role: { id: string }) => role.id),
      builtInRoleIds,
    );
    const listed = data.find((role: { id: string }) => role.id === made.id);
    assert.deepEqual(
      [listed.built_in, listed.members, listed.permissions],
      [false, 2, ['payments:read']],
    );
    assert.equal(data[0].permissions.length, allPermissions.length);
  });

  it('have names of their own, whatever the case and the spaces', async () => {
    await create(owner, ['payments:read'], 'Night shift');
    for (const name of [
      'NIGHT  shift',
      ' Night shift ',
      'owner',
      'Security Officer',
      'ＡＤＭＩＮ',
      ' ',
    ]) {
      assertRefused(await create(owner, ['payments:read'], name), 409, 'role_name_taken');
    }
    const other = (await create(owner, ['payments:read'])).body;
    assertRefused(await change(owner, other.id, { name: 'night shift' }), 409, 'role_name_taken');
    assertRefused(await change(owner, other.id, { name: 'Finance' }), 409, 'role_name_taken');
    const stranger = await office.join('owner', { organization: office.stranger });
    assert.equal((await create(stranger, ['payments:read'], 'Night shift')).status, 201);
  });

  it('that are built in cannot be changed or deleted', async () => {
    for (const id of ['admin', 'owner']) {
      assertRefused(await change(owner, id, { name: 'X' }), 404, 'not_found');
      assertRefused(await remove(owner, id), 404, 'not_found');
    }
  });

  it('are not deleted while a member or an open invitation has them', async () => {
    const made = (await create(owner, ['payments:read'])).body;
    const friend = await office.join({ test: made.id, live: 'analyst' }, { disabled: true });
    assertRefused(await remove(owner, made.id), 409, 'role_in_use');
    const roles = both('analyst');
    await owner.call('PATCH', `/v1/members/${friend.member}`, { body: { roles } });
    const email = 'promised@people.example';
    const offered = { email, roles: { test: null, live: made.id } };
    const invited = (await owner.post('/v1/invitations', offered)).body;
    assertRefused(await remove(owner, made.id), 409, 'role_in_use');
    await owner.call('DELETE', `/v1/invitations/${invited.id}`);
    assert.deepEqual((await remove(owner, made.id)).body, { id: made.id, deleted: true });
    assertRefused(await remove(owner, made.id), 404, 'not_found');
    const events = await office.rows('SELECT type, mode FROM events WHERE object_id = $1', [
      made.id,
    ]);
    assert.deepEqual(
      events.map(({ type, mode }) => `${type} ${mode}`),
      ['role.created live', 'role.deleted live'],
    );
  });
});

describe('role escalation', () => {
  it('nobody makes a role of what they do not have', async () => {
    const refused = await create(admin, ['payments:read', 'security_policy:write']);
    assertRefused(refused, 403, 'more_than_own');
    assert.match(refused.body.detail, /security_policy:write/);
    const live = await office.join({ test: 'analyst', live: 'admin' });
    assertRefused(await create(live, ['refunds:write']), 403, 'more_than_own');
    assert.equal((await create(live, ['payments:read', 'members:read'])).status, 201);
  });

  it('nobody widens a role, their own or another`s, by what they do not have', async () => {
    const [chief] = await office.rows(
      `INSERT INTO roles (organization_id, id, name, permissions)
       VALUES ($1, 'role_3333333333333333333333', 'Chief', '{members:read,roles:write}')
       RETURNING id`,
      [office.organization],
    );
    const clerk = await office.join(chief.id);
    const friend = await office.join('analyst');
    const more = { permissions: ['members:read', 'roles:write', 'members:write'] };
    assertRefused(await change(clerk, chief.id, more), 403, 'more_than_own');
    assertRefused(await clerk.post('/v1/invitations', {}), 403, 'permission_denied');
    const mine = (await create(clerk, ['members:read'])).body;
    const wide = { permissions: ['refunds:write'] };
    assertRefused(await change(clerk, mine.id, wide), 403, 'more_than_own');
    assert.equal((await friend.get('/v1/roles')).status, 403);
    const { rows } = await office.db.query('SELECT permissions FROM roles WHERE id = $1', [
      chief.id,
    ]);
    assert.deepEqual(rows[0].permissions, ['members:read', 'roles:write']);
  });

  it('nobody takes from others, or deletes, what they do not have', async () => {
    const made = (await create(owner, ['security_policy:write', 'payments:read'])).body;
    const less = { permissions: ['payments:read'] };
    assertRefused(await change(admin, made.id, less), 403, 'more_than_own');
    assertRefused(await change(admin, made.id, { name: 'Mine now' }), 403, 'more_than_own');
    assertRefused(await remove(admin, made.id), 403, 'more_than_own');
    assert.equal((await change(owner, made.id, less)).status, 200);
    assert.equal((await change(admin, made.id, { name: 'Mine now' })).status, 200);
  });

  it('what a role gains or loses is there, or gone, at the next request', async () => {
    const made = (await create(owner, ['payments:read'])).body;
    const friend = await office.join(made.id);
    assertRefused(await friend.get('/v1/members'), 403, 'permission_denied');
    await change(owner, made.id, { permissions: ['payments:read', 'members:read'] });
    assert.equal((await friend.get('/v1/members')).status, 200);
    await change(owner, made.id, { permissions: ['members:read'] });
    assertRefused(await friend.get('/v1/payments'), 403, 'permission_denied');
    assert.equal((await friend.get('/v1/members')).status, 200);
  });
});

describe('roles of another organization', () => {
  it('are not seen, changed or deleted', async () => {
    const stranger = await office.join('owner', { organization: office.stranger });
    const made = (await create(owner, ['payments:read'])).body;
    assert.ok(!(await stranger.get('/v1/roles')).text.includes(made.id));
    assertRefused(await change(stranger, made.id, { name: 'Theirs' }), 404, 'not_found');
    assertRefused(await remove(stranger, made.id), 404, 'not_found');
    const friend = await office.join('analyst', { organization: office.stranger });
    const roles = { test: made.id, live: null };
    const path = `/v1/members/${friend.member}`;
    const given = await stranger.call('PATCH', path, { body: { roles } });
    assertRefused(given, 400, 'invalid_request');
  });
});
