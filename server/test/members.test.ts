import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { allPermissions, keyPermissions } from 'payos-contract';
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

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code, answer.text);
}

const setRoles = (by: Person, of: { member: string }, test: string | null, live: string | null) =>
  by.call('PATCH', `/v1/members/${of.member}`, { body: { roles: { test, live } } });
const disable = (by: Person, of: { member: string }, body: object = {}) =>
  by.post(`/v1/members/${of.member}/disable`, body);

describe('members', () => {
  it('are listed with what they may do, their factors and where they are signed in', async () => {
    const { body } = await admin.get('/v1/members');
    const found = body.data.find(({ id }: { id: string }) => id === owner.member);
    assert.deepEqual(found.roles, both('owner'));
    assert.deepEqual(found.factors, { passkeys: 0, totp: true, recovery_codes: 0 });
    assert.equal(found.sessions, 1);
    assert.ok(Date.parse(found.last_seen_at));
    assert.deepEqual((await admin.get(`/v1/members/${owner.member}`)).body, found);
  });

  it('may be read by an API key of live mode, and changed by none', async () => {
    const { key } = await office.operator.mint(office.organization, {
      mode: 'live',
      permissions: keyPermissions('live'),
    });
    assert.equal((await office.api.get('/v1/members', key)).status, 200);
    const path = `/v1/members/${admin.member}/disable`;
    assertRefused(await office.api.post(path, key, {}), 403, 'permission_denied');
  });
});

describe('role escalation', () => {
  it('nobody gives another what they do not have themselves', async () => {
    const friend = await office.join('analyst');
    const refused = await setRoles(admin, friend, 'admin', 'security_officer');
    assertRefused(refused, 403, 'more_than_own');
    assert.match(refused.body.detail, /security_policy:write \(live mode\)/);
    assertRefused(await setRoles(admin, friend, null, 'owner'), 403, 'more_than_own');
    assert.equal((await setRoles(admin, friend, 'finance', 'admin')).status, 200);
  });

  it('nobody gives themselves what they do not have', async () => {
    assertRefused(await setRoles(admin, admin, 'admin', 'owner'), 403, 'more_than_own');
    const half = await office.join({ test: 'analyst', live: 'admin' });
    const refused = await setRoles(half, half, 'admin', 'admin');
    assertRefused(refused, 403, 'more_than_own');
    assert.match(refused.body.detail, /\(test mode\)/);
  });

  it('nobody changes what somebody with more may do', async () => {
    const officer = await office.join('security_officer');
    assertRefused(await setRoles(admin, officer, 'analyst', null), 403, 'more_than_own');
    assertRefused(await setRoles(admin, owner, 'analyst', null), 403, 'more_than_own');
    assert.equal((await setRoles(owner, officer, 'analyst', null)).status, 200);
  });

  it('all permissions in a role of its own do not make an owner of whom has it', async () => {
    const nearly = await office.join(await office.makeRole(allPermissions));
    assertRefused(await setRoles(nearly, nearly, null, 'owner'), 403, 'more_than_own');
    assertRefused(await setRoles(nearly, owner, null, 'analyst'), 403, 'more_than_own');
    assertRefused(await disable(nearly, owner), 403, 'more_than_own');
    const path = `/v1/members/${owner.member}/end_sessions`;
    assertRefused(await nearly.post(path), 403, 'more_than_own');
  });

  it('a role for test mode gives nothing that concerns the organization', async () => {
    const tester = await office.join({ test: 'owner', live: 'developer' });
    for (const mode of ['test', 'live'] as const) {
      assertRefused(await tester.get('/v1/members', mode), 403, 'permission_denied');
    }
    const body = { roles: both('analyst') };
    const path = `/v1/members/${admin.member}`;
    const refused = await tester.call('PATCH', path, { body, mode: 'test' });
    assertRefused(refused, 403, 'permission_denied');
  });

  it('a role that is not there is refused, and one that is another`s too', async () => {
    const friend = await office.join('analyst');
    await office.rows(
      `INSERT INTO roles (organization_id, id, name, permissions)
       VALUES ($1, 'role_2222222222222222222222', 'Theirs', '{payments:read}')`,
      [office.stranger],
    );
    for (const role of ['role_2222222222222222222222', 'emperor']) {
      const refused = await setRoles(owner, friend, role, null);
      assertRefused(refused, 400, 'invalid_request');
      assert.equal(refused.body.errors[0].pointer, '/roles/test');
    }
    assertRefused(await setRoles(owner, friend, null, null), 400, 'invalid_request');
  });
});

describe('a stale session', () => {
  it('after a role change may no more and no less than the new role, at once', async () => {
    const friend = await office.join('finance');
    assert.equal((await friend.get('/v1/payments')).status, 200);
    assertRefused(await friend.get('/v1/members'), 403, 'permission_denied');
    assert.equal((await setRoles(owner, friend, null, 'security_officer')).status, 200);
    assertRefused(await friend.get('/v1/payments'), 403, 'permission_denied');
    assert.equal((await friend.get('/v1/members')).status, 200);
  });

  it('of a disabled member is at its end, at once', async () => {
    const friend = await office.join('finance');
    assert.equal((await friend.get('/v1/payments')).status, 200);
    assert.equal((await disable(owner, friend)).status, 200);
    assertRefused(await friend.get('/v1/payments'), 401, 'session_expired');
  });

  it('opened just before, or missed, opens nothing for a disabled member', async () => {
    const gone = await office.join('owner', { disabled: true });
    assertRefused(await gone.get('/v1/members'), 403, 'no_organization');
    assertRefused(await gone.post('/v1/members/leave'), 403, 'no_organization');
  });

  it('of somebody whose role is taken while the request waits changes nothing', async () => {
    const friend = await office.join('analyst');
    const fallen = await office.join('admin');
    const [moved] = await office.whileWaiting(
      [() => setRoles(fallen, friend, 'finance', 'finance')],
      () => office.rows(`UPDATE members SET role_live = 'analyst' WHERE id = $1`, [fallen.member]),
    );
    assertRefused(moved as Answer, 403, 'permission_denied');
    const gone = await office.join('admin');
    const [late] = await office.whileWaiting(
      [() => setRoles(gone, friend, 'finance', 'finance')],
      () => office.rows(`UPDATE members SET status = 'disabled' WHERE id = $1`, [gone.member]),
    );
    assertRefused(late as Answer, 403, 'no_organization');
    assert.deepEqual((await owner.get(`/v1/members/${friend.member}`)).body.roles, both('analyst'));
  });
});

describe('a member who is disabled', () => {
  it('loses sessions, invitations and the named keys together, and nothing else', async () => {
    const { body: invited } = await owner.post('/v1/invitations', {
      email: 'by.owner@people.example',
      roles: both('analyst'),
    });
    const gone = await office.join('admin', { email: 'Gone@people.example' });
    const { body: offered } = await gone.post('/v1/invitations', {
      email: 'by.gone@people.example',
      roles: both('analyst'),
    });
    const mint = (more: object) =>
      office.operator.mint(office.organization, { owner: 'gone@people.example', ...more });
    const [ended, kept] = [await mint({ mode: 'live' }), await mint({})];
    const theirs = await office.join('analyst', {
      organization: office.stranger,
      account: gone.account,
    });
    const departure = (await owner.get(`/v1/members/${gone.member}/departure`)).body;
    assert.deepEqual([departure.sessions, departure.invitations], [1, 1]);
    const ids = departure.api_keys.map((key: { id: string; owner: string }) => key.id);
    assert.deepEqual(ids, [ended.id, kept.id]);
    assert.equal((await office.api.get('/v1/payments', ended.key)).status, 200);

    const answer = await disable(owner, gone, { revoke_api_keys: [ended.id] });
    assert.equal(answer.body.status, 'disabled', answer.text);
    assert.ok(answer.body.disabled_at);
    assertRefused(await office.api.get('/v1/payments', ended.key), 401, 'revoked_api_key');
    assert.equal((await office.api.get('/v1/payments', kept.key)).status, 200);
    assertRefused(await gone.get('/v1/members'), 401, 'session_expired');
    assert.equal((await theirs.get('/v1/payments')).status, 200);
    const { data } = (await owner.get('/v1/invitations')).body;
    const status = (id: string) => data.find((one: { id: string }) => one.id === id).status;
    assert.deepEqual([status(offered.id), status(invited.id)], ['revoked', 'open']);
    await assertRecorded(gone.member, 'member.disable', 'member.disabled');
    await assertRecorded(offered.id, undefined, 'invitation.revoked');
    await assertRecorded(ended.id, 'api_key.revoke', 'api_key.revoked');
    const again = await disable(owner, gone, { revoke_api_keys: [ended.id, kept.id] });
    assert.equal(again.status, 200, again.text);
    assertRefused(await office.api.get('/v1/payments', kept.key), 401, 'revoked_api_key');
    const events = await office.rows('SELECT type FROM events WHERE object_id = $1', [gone.member]);
    assert.deepEqual(events, [{ type: 'member.disabled' }]);
  });

  it('keeps everything when one of the named keys is not theirs', async () => {
    const friend = await office.join('analyst');
    const other = await office.operator.mint(office.organization);
    const body = { revoke_api_keys: [other.id] };
    assertRefused(await disable(owner, friend, body), 404, 'not_found');
    assert.equal((await friend.get('/v1/payments')).status, 200);
    assert.equal((await office.api.get('/v1/payments', other.key)).status, 200);
  });

  it('is not oneself, and not an owner unless by an owner', async () => {
    assertRefused(await disable(admin, admin), 409, 'own_membership');
    assertRefused(await disable(admin, owner), 403, 'more_than_own');
    const officer = await office.join('security_officer');
    assertRefused(await disable(officer, owner), 403, 'more_than_own');
    const [second, other] = [await office.join('owner'), await office.join('admin')];
    assert.equal((await disable(officer, other)).status, 200);
    assert.equal((await disable(owner, second)).status, 200);
  });

  it('is let in again only by who has all that they had', async () => {
    const officer = await office.join('security_officer');
    const gone = await office.join('admin', { disabled: true });
    const path = `/v1/members/${gone.member}/enable`;
    assertRefused(await officer.post(path), 403, 'more_than_own');
    assertRefused(await gone.get('/v1/members'), 403, 'no_organization');
    const enabled = await admin.post(path);
    assert.deepEqual([enabled.body.status, enabled.body.disabled_at], ['active', null]);
    await assertRecorded(gone.member, 'member.enable', 'member.enabled');
    assert.equal((await gone.get('/v1/members')).status, 200);
    assert.equal((await admin.post(path)).status, 200);
  });
});

describe('others than oneself', () => {
  it('can be signed out everywhere in the organization', async () => {
    const friend = await office.join('analyst');
    const theirs = await office.join('analyst', {
      organization: office.stranger,
      account: friend.account,
    });
    const answer = await admin.post(`/v1/members/${friend.member}/end_sessions`);
    assert.deepEqual(answer.body, { ended: 1 });
    assertRefused(await friend.get('/v1/payments'), 401, 'session_expired');
    assert.equal((await theirs.get('/v1/payments')).status, 200);
    assertRefused(
      await admin.post(`/v1/members/${admin.member}/end_sessions`),
      409,
      'own_membership',
    );
    await assertRecorded(friend.member, 'member.end_sessions', undefined);
  });

  it('can be unlocked before the time, and it is on record', async () => {
    const friend = await office.join('analyst');
    const lock = `UPDATE accounts SET failed_attempts = 10,
      locked_until = now() + interval '30 minutes' WHERE id = $1`;
    await office.rows(lock, [friend.account]);
    assert.ok((await admin.get(`/v1/members/${friend.member}`)).body.locked_until);
    const unlocked = await admin.post(`/v1/members/${friend.member}/unlock`);
    assert.equal(unlocked.body.locked_until, null, unlocked.text);
    await assertRecorded(friend.member, 'member.unlock', 'member.unlocked');
    const [row] = await office.rows('SELECT failed_attempts FROM accounts WHERE id = $1', [
      friend.account,
    ]);
    assert.equal(row.failed_attempts, 0);
    await office.rows(lock, [admin.account]);
    assertRefused(await admin.post(`/v1/members/${admin.member}/unlock`), 409, 'own_membership');
    assert.equal((await owner.post(`/v1/members/${admin.member}/unlock`)).status, 200);
  });
});

describe('the last owner', () => {
  let lonely: Person;
  before(async () => {
    const { stranger: organization } = office;
    lonely = await office.join('owner', { organization });
  });

  it('cannot step down or leave', async () => {
    assertRefused(await setRoles(lonely, lonely, 'owner', 'admin'), 409, 'last_owner');
    assertRefused(await setRoles(lonely, lonely, 'owner', null), 409, 'last_owner');
    assertRefused(await lonely.post('/v1/members/leave'), 409, 'last_owner');
    await office.join({ test: 'owner', live: 'admin' }, { organization: office.stranger });
    await office.join('owner', { organization: office.stranger, disabled: true });
    assertRefused(await setRoles(lonely, lonely, 'owner', 'admin'), 409, 'last_owner');
    assert.equal((await setRoles(lonely, lonely, null, 'owner')).status, 200);
  });

  it('remains when two step down at the same moment, or put each other down', async () => {
    for (const ways of [
      (a: Person, b: Person) => [
        () => setRoles(a, a, null, 'admin'),
        () => setRoles(b, b, null, 'admin'),
      ],
      (a: Person, b: Person) => [
        () => setRoles(a, b, null, 'admin'),
        () => setRoles(b, a, null, 'admin'),
      ],
      (a: Person, b: Person) => [() => disable(a, b), () => disable(b, a)],
      (a: Person, b: Person) => [
        () => a.post('/v1/members/leave'),
        () => b.post('/v1/members/leave'),
      ],
    ]) {
      await office.rows(
        `UPDATE members SET role_live = 'admin' WHERE organization_id = $1 AND role_live = 'owner'`,
        [office.organization],
      );
      const [one, two] = [await office.join('owner'), await office.join('owner')];
      const answers = await office.whileWaiting(ways(one, two));
      assert.deepEqual(answers.map(({ status }) => status === 200).sort(), [false, true]);
      const owners = await office.rows(
        `SELECT 1 FROM members
         WHERE organization_id = $1 AND role_live = 'owner' AND status = 'active'`,
        [office.organization],
      );
      assert.equal(owners.length, 1);
    }
  });
});

describe('leaving', () => {
  it('ends everything of one`s own there, and an invitation does not bring one back', async () => {
    const second = await office.join('owner');
    const friend = await office.join('analyst');
    const left = await friend.post('/v1/members/leave');
    assert.deepEqual(left.body, { ended: 1 });
    assert.match(String(left.headers['set-cookie']), /payos_session=;.*Max-Age=0/);
    assertRefused(await friend.get('/v1/payments'), 401, 'session_expired');
    await assertRecorded(friend.member, 'member.leave', 'member.disabled');
    const invite = { email: friend.email, roles: both('analyst') };
    assertRefused(await second.post('/v1/invitations', invite), 409, 'already_member');
  });
});

/** That it stands in the audit log, without a mode, and among the events of live mode. */
async function assertRecorded(
  object: string,
  action: string | undefined,
  event: string | undefined,
): Promise<void> {
  const notes = await office.rows('SELECT action, mode FROM audit_log WHERE object_id = $1', [
    object,
  ]);
  const events = await office.rows('SELECT type, mode FROM events WHERE object_id = $1', [object]);
  if (action !== undefined) {
    const note = notes.find((row) => row.action === action);
    assert.ok(note, `${action} of ${object}`);
    assert.equal(note.mode, object.startsWith('key_') ? 'live' : null);
  }
  if (event === undefined) return;
  const found = events.find((row) => row.type === event);
  assert.equal(found?.mode, 'live', `${event} of ${object}`);
}
