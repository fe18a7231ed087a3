import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { Person } from '../../tools/harness/people.ts';
import { openSharedOffice, type SharedOffice } from './office.ts';

let office: SharedOffice;
let owner: Person;
let officer: Person;
before(async () => {
  office = await openSharedOffice();
  owner = await office.join('owner', { email: 'boss@shop.example', factors: ['totp', 'passkey'] });
  officer = await office.join('security_officer', { email: 'officer@shop.example' });
});
after(async () => office?.stop());

const standard = {
  object: 'security_policy',
  allowed_factors: ['passkey', 'totp'],
  idle_minutes: 15,
  session_hours: 12,
  email_domains: [],
  ip_ranges: [],
};
const patch = (by: Person, body: object) => by.call('PATCH', '/v1/security_policy', { body });
const preview = (by: Person, body: object) => by.post('/v1/security_policy/preview', body);
const withdraw = () =>
  office.rows('DELETE FROM security_policies WHERE organization_id = $1', [office.organization]);

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code, answer.text);
}

describe('the rules for signing in', () => {
  it('are those of everybody until the organization has its own', async () => {
    const { body } = await officer.get('/v1/security_policy');
    assert.deepEqual(body, { ...standard, updated_at: null });
    const changed = await patch(officer, { idle_minutes: 5 });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual({ ...changed.body, updated_at: null }, { ...body, idle_minutes: 5 });
    assert.deepEqual((await officer.get('/v1/security_policy')).body, changed.body);
    const second = await patch(officer, { session_hours: 8 });
    assert.deepEqual([second.body.idle_minutes, second.body.session_hours], [5, 8]);
    const [note] = await office.rows(
      `SELECT mode, details FROM audit_log
       WHERE action = 'security_policy.update' AND organization_id = $1 ORDER BY id`,
      [office.organization],
    );
    assert.equal(note.mode, null);
    assert.deepEqual([note.details.from.idle_minutes, note.details.to.idle_minutes], [15, 5]);
    const [event] = await office.rows(
      `SELECT mode FROM events WHERE type = 'security_policy.updated' AND organization_id = $1`,
      [office.organization],
    );
    assert.equal(event.mode, 'live');
    await withdraw();
  });

  it('cannot be looser than PayOS allows, or make no sense', async () => {
    for (const body of [
      { idle_minutes: 16 },
      { idle_minutes: 0 },
      { session_hours: 13 },
      { allowed_factors: [] },
      { allowed_factors: ['sms'] },
      { email_domains: ['Shop.Example'] },
      { ip_ranges: ['10.0.0.0'] },
      { ip_ranges: ['10.0.0.0/33'] },
      { ip_ranges: ['127.0.0.0/8', '999.0.0.0/8'] },
      { ip_ranges: ['fe80::/129'] },
      { ip_ranges: ['localhost/8'] },
    ]) {
      assertRefused(await patch(owner, body), 400, 'invalid_request');
      assertRefused(await preview(owner, body), 400, 'invalid_request');
    }
    const refused = await patch(owner, { ip_ranges: ['127.0.0.0/8', '999.0.0.0/8'] });
    assert.equal(refused.body.errors[0].pointer, '/ip_ranges/1');
    const { body } = await owner.get('/v1/security_policy');
    assert.equal(body.updated_at, null);
  });

  it('hold from the next request on: addresses, domains, factors, session lengths', async () => {
    const friend = await office.join('finance', { email: 'friend@elsewhere.example' });
    const old = await office.join('finance', { email: 'old@shop.example', factors: ['passkey'] });
    const isIn = async (who: Person) => (await who.get('/v1/payments')).status === 200;
    assert.ok(await isIn(friend));
    await patch(owner, { email_domains: ['shop.example'] });
    assertRefused(await friend.get('/v1/payments'), 422, 'email_domain_refused');
    assert.ok(await isIn(old));
    await withdraw();

    const byPasskey = await office.join('owner', {
      proofs: ['passkey'],
      factors: ['passkey'],
      email: 'key@shop.example',
    });
    await patch(byPasskey, { allowed_factors: ['passkey'] });
    assertRefused(await friend.get('/v1/payments'), 403, 'factor_not_allowed');
    assertRefused(await owner.get('/v1/payments'), 403, 'factor_not_allowed');
    await withdraw();

    const set = (sql: string) =>
      office.rows(`UPDATE sessions SET ${sql} WHERE id = $1`, [friend.session]);
    await set(`last_used_at = now() - interval '3 minutes'`);
    await patch(owner, { idle_minutes: 2 });
    assertRefused(await friend.get('/v1/payments'), 401, 'session_expired');
    await withdraw();
    await set(`last_used_at = now(), created_at = now() - interval '61 minutes'`);
    assert.ok(await isIn(friend));
    await patch(owner, { session_hours: 1 });
    assertRefused(await friend.get('/v1/payments'), 401, 'session_expired');
    await withdraw();

    await office.rows(
      `INSERT INTO security_policies VALUES ($1, '{passkey,totp}', 15, 12, '{}', '{10.0.0.0/8}')`,
      [office.organization],
    );
    assertRefused(await owner.get('/v1/payments'), 403, 'network_refused');
    await withdraw();
  });
});

describe('a rule that would lock oneself out', () => {
  it('is not saved: address, domain, factor', async () => {
    const cases: [Person, object, RegExp][] = [
      [owner, { ip_ranges: ['10.0.0.0/8', '2001:db8::/32'] }, /You come from 127\.0\.0\.1/],
      [owner, { email_domains: ['elsewhere.example'] }, /boss@shop\.example/],
      [officer, { allowed_factors: ['passkey'] }, /You have no factor among: passkey/],
      // The owner has a passkey, and signed in without it.
      [owner, { allowed_factors: ['passkey'] }, /You did not sign in with any of: passkey/],
    ];
    for (const [who, body, why] of cases) {
      const refused = await patch(who, body);
      assertRefused(refused, 409, 'locks_you_out');
      assert.match(refused.body.detail, why);
      const { you } = (await preview(who, body)).body;
      assert.equal(you.length, 1, JSON.stringify(you));
      assert.match(you[0], why);
    }
    assert.equal((await owner.get('/v1/security_policy')).body.updated_at, null);
  });

  it('is seen by whom a recovery code let in: it counts while every kind does', async () => {
    const proofs = ['password', 'recovery_code'];
    const back = await office.join('owner', { factors: ['passkey'], proofs });
    const { you } = (await preview(back, { allowed_factors: ['passkey'] })).body;
    assert.match(you[0], /You did not sign in with any of: passkey/);
    assert.deepEqual((await preview(back, { idle_minutes: 10 })).body.you, []);
  });

  it('is saved where one stays in', async () => {
    const ranges = { ip_ranges: ['10.0.0.0/8', '127.0.0.0/8'] };
    assert.deepEqual((await preview(owner, ranges)).body.you, []);
    assert.equal((await patch(owner, ranges)).status, 200);
    assert.equal((await owner.get('/v1/payments')).status, 200);
    await withdraw();
  });
});

describe('a preview', () => {
  it('names who could not get in and why, and changes nothing', async () => {
    const phone = await office.join('analyst', { email: 'phone@shop.example' });
    const outside = await office.join('analyst', {
      email: 'outside@elsewhere.example',
      factors: ['passkey'],
    });
    await office.join('analyst', { email: 'gone@elsewhere.example', disabled: true });
    await office.rows(`UPDATE sessions SET address = '192.0.2.1' WHERE id = $1`, [outside.session]);
    const { body } = await preview(owner, {
      allowed_factors: ['passkey'],
      email_domains: ['shop.example'],
      ip_ranges: ['127.0.0.0/8'],
    });
    const reasons = (who: Person) =>
      body.locked_out.find((one: { member: string }) => one.member === who.member)?.reasons;
    assert.deepEqual(reasons(phone), ['factor']);
    assert.deepEqual(reasons(outside), ['email_domain', 'address']);
    assert.ok(!JSON.stringify(body).includes('gone@elsewhere.example'));
    assert.equal((await owner.get('/v1/security_policy')).body.updated_at, null);
  });

  it('and the rules of another organization are not seen or changed', async () => {
    const stranger = await office.join('owner', {
      organization: office.stranger,
      email: 'stranger@elsewhere.example',
    });
    await patch(owner, { idle_minutes: 7 });
    assert.equal((await stranger.get('/v1/security_policy')).body.idle_minutes, 15);
    assert.equal((await patch(stranger, { idle_minutes: 3 })).status, 200);
    assert.equal((await owner.get('/v1/security_policy')).body.idle_minutes, 7);
    const seen = (await preview(stranger, { allowed_factors: ['passkey'] })).body.locked_out;
    assert.deepEqual(
      seen.map((one: { member: string }) => one.member),
      [stranger.member],
    );
  });
});

describe('the organization', () => {
  it('is renamed by who may, and by nobody else`s owner', async () => {
    const admin = await office.join('admin', { email: 'admin@shop.example' });
    const rename = (by: Person, name: string) =>
      by.call('PATCH', '/v1/organization', { body: { name } });
    assertRefused(await rename(admin, 'Mine'), 403, 'permission_denied');
    assert.equal((await rename(owner, 'Shop & Sons')).body.name, 'Shop & Sons');
    assert.deepEqual((await admin.get('/v1/organization')).body.name, 'Shop & Sons');
    const stranger = await office.join('owner', { organization: office.stranger });
    assert.equal((await stranger.get('/v1/organization')).body.name, 'Other');
  });
});
