import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { allPermissions } from 'payos-contract';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { Person, PersonOptions } from '../../tools/harness/people.ts';
import { type Office, openOffice } from './office.ts';

let office: Office;
let owner: Person;
let admin: Person;
before(async () => {
  office = await openOffice({ PAYOS_MAIL_FROM: 'payos@shop.example' });
  owner = await office.join('owner', { email: 'owner@people.example' });
  admin = await office.join('admin', { email: 'admin@people.example' });
});
after(async () => office?.stop());

const ask = (by: Person) => by.post('/v1/sign_in/factor_reset', { reason: 'Phone in the lake' });
const decide = (by: Person, id: string, how: 'approve' | 'refuse') =>
  by.post(`/v1/factor_resets/${id}/${how}`);
/** Somebody who gave the right password and has no factor at hand. */
const stranded = (role: string, more: Partial<PersonOptions> = {}) =>
  office.join(role, { state: 'second_factor', factors: ['totp', 'passkey'], ...more });

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code, answer.text);
}

async function requestOf(person: Person, organization = office.organization): Promise<string> {
  const [row] = await office.rows(
    `SELECT id FROM factor_resets WHERE account_id = $1 AND organization_id = $2
     ORDER BY created_at DESC LIMIT 1`,
    [person.account, organization],
  );
  return row.id;
}

async function factorsOf({ account }: Person): Promise<number> {
  const rows = await office.rows(
    `SELECT account_id FROM totp_factors WHERE account_id = $1
     UNION ALL SELECT account_id FROM passkeys WHERE account_id = $1`,
    [account],
  );
  return rows.length;
}

describe('a person who lost every factor', () => {
  it('is let in anew: factors and sessions go, and for a day enrolling is open', async () => {
    const friend = await stranded('finance');
    const elsewhere = await office.join('analyst', {
      account: friend.account,
      organization: office.stranger,
      disabled: true,
    });
    const asked = await ask(friend);
    assert.deepEqual([asked.body.state, asked.body.factor_reset], ['second_factor', 'pending']);
    const id = await requestOf(friend);
    const { data } = (await admin.get('/v1/factor_resets')).body;
    const listed = data.find((one: { id: string }) => one.id === id);
    assert.deepEqual(
      [listed.member, listed.reason, listed.status, listed.address],
      [friend.member, 'Phone in the lake', 'pending', '127.0.0.1'],
    );
    const approved = await decide(admin, id, 'approve');
    assert.equal(approved.body.status, 'approved', approved.text);
    assert.equal(approved.body.decided_by, admin.member);
    assert.equal(await factorsOf(friend), 0);
    assert.equal((await friend.get('/v1/session')).body.state, 'none');
    assertRefused(await elsewhere.get('/v1/payments'), 401, 'session_expired');
    const [account] = await office.rows(
      `SELECT round(extract(epoch FROM enroll_until - now()) / 3600)::integer AS hours
       FROM accounts WHERE id = $1`,
      [friend.account],
    );
    assert.equal(account.hours, 24);
    assertRefused(await decide(owner, id, 'approve'), 409, 'decided_already');
    assertRefused(await decide(owner, id, 'refuse'), 409, 'decided_already');
  });

  it('is an alert: event, audit entry, and a mail to each who may decide', async () => {
    const friend = await stranded('finance', { email: 'lost@people.example' });
    const helper = await office.join('security_officer', { email: 'officer@people.example' });
    await office.rows('DELETE FROM mails');
    await ask(friend);
    const id = await requestOf(friend);
    const mails = await office.rows('SELECT recipient, template FROM mails ORDER BY recipient');
    // The officer may suspend members, and has less than somebody in finance.
    assert.deepEqual(mails, [
      { recipient: 'admin@people.example', template: 'factor_reset_requested' },
      { recipient: 'lost@people.example', template: 'own_factor_reset_requested' },
      { recipient: 'owner@people.example', template: 'factor_reset_requested' },
    ]);
    assert.equal((await ask(friend)).status, 200);
    assert.equal((await office.rows('SELECT 1 FROM mails')).length, 3);
    assertRefused(await decide(helper, id, 'approve'), 403, 'more_than_own');
    assert.equal((await decide(helper, id, 'refuse')).body.status, 'refused');
    const events = await office.rows(
      'SELECT type, mode FROM events WHERE object_id = $1 ORDER BY sequence',
      [id],
    );
    assert.deepEqual(
      events.map(({ type, mode }) => `${type} ${mode}`),
      ['member.factor_reset_requested live', 'member.factor_reset_refused live'],
    );
    const notes = await office.rows(
      'SELECT action, actor_id FROM audit_log WHERE object_id = $1 ORDER BY id',
      [friend.member],
    );
    assert.deepEqual(notes, [
      { action: 'factor_reset.request', actor_id: friend.account },
      { action: 'factor_reset.refuse', actor_id: helper.member },
    ]);
    const told = await office.rows(
      'SELECT template FROM mails WHERE recipient = $1 ORDER BY created_at DESC',
      [friend.email],
    );
    assert.equal(told[0].template, 'factor_reset_refused');
    assert.equal(await factorsOf(friend), 2);
    assert.equal((await friend.get('/v1/session')).body.factor_reset, 'refused');
    await ask(friend);
    assert.equal((await friend.get('/v1/session')).body.factor_reset, 'pending');
  });

  it('cannot ask while signed in, nor without the password', async () => {
    assertRefused(await ask(admin), 409, 'step_not_due');
    const enrolling = await office.join('analyst', { state: 'enrollment' });
    assertRefused(await ask(enrolling), 409, 'step_not_due');
    const headers = { origin: office.api.origin };
    const body = { reason: 'x' };
    const path = '/v1/sign_in/factor_reset';
    assertRefused(await office.api.call('POST', path, { headers, body }), 401, 'not_signed_in');
  });
});

describe('a request for new factors', () => {
  it('is not decided by oneself, nor by who has less, nor for a stale factor', async () => {
    const friend = await stranded('admin');
    const self = await office.join('admin', {
      account: friend.account,
      organization: office.stranger,
    });
    await ask(friend).catch(() => undefined);
    assertRefused(await ask(friend), 409, 'nobody_can_decide');
    await office.rows('UPDATE members SET status = $1 WHERE id = $2', ['disabled', self.member]);
    await ask(friend);
    const id = await requestOf(friend);
    const [row] = await office.rows('SELECT id FROM sessions WHERE account_id = $1', [
      friend.account,
    ]);
    assert.ok(row);
    const officer = await office.join('security_officer');
    assertRefused(await decide(officer, id, 'approve'), 403, 'more_than_own');
    const analyst = await office.join('analyst');
    assertRefused(await decide(analyst, id, 'approve'), 403, 'permission_denied');
    const stale = await office.join('owner', { factorAge: 301 });
    assertRefused(await decide(stale, id, 'approve'), 403, 'step_up_required');
    assert.equal(await factorsOf(friend), 2);
  });

  it('of an owner is decided by owners, whatever permissions another has', async () => {
    const boss = await stranded('owner');
    await ask(boss);
    const id = await requestOf(boss);
    const nearly = await office.join(await office.makeRole(allPermissions));
    assertRefused(await decide(nearly, id, 'approve'), 403, 'more_than_own');
    assert.equal((await decide(owner, id, 'approve')).status, 200);
  });

  it('of oneself stays for others, also from a session that is still open', async () => {
    const friend = await stranded('admin');
    await ask(friend);
    const id = await requestOf(friend);
    await office.rows(
      `UPDATE sessions SET state = 'active', proofs = '{totp}', factor = 'totp',
         factor_at = now() - interval '1 second', created_at = now() - interval '1 hour'
       WHERE id = $1`,
      [friend.session],
    );
    assertRefused(await decide(friend, id, 'approve'), 409, 'own_membership');
    assertRefused(await decide(friend, id, 'refuse'), 409, 'own_membership');
  });

  it('is void when the person has given a factor since: somebody else had asked', async () => {
    const friend = await stranded('finance');
    await ask(friend);
    const id = await requestOf(friend);
    await office.rows(`UPDATE sessions SET factor_at = now() WHERE id = $1`, [friend.session]);
    const refused = await decide(admin, id, 'approve');
    assertRefused(refused, 409, 'decided_already');
    assert.match(refused.body.detail, /signed in with a factor since/);
    assert.equal(await factorsOf(friend), 2);
    assert.equal((await decide(admin, id, 'refuse')).status, 200);
  });

  it('of the only owner is for the operator of the machine, and says so', async () => {
    const organization = await office.operator.createOrganization('Alone');
    const only = await stranded('owner', { organization });
    const helper = await office.join('admin', { organization });
    const refused = await ask(only);
    assertRefused(refused, 409, 'nobody_can_decide');
    assert.match(refused.body.fix, /payos accounts reset-factors/);
    const notes = await office.rows('SELECT details FROM audit_log WHERE object_id = $1', [
      only.member,
    ]);
    assert.equal(notes[0].details.can_be_decided, false);
    await office.rows(
      `INSERT INTO factor_resets (organization_id, id, account_id, member_id, reason)
       VALUES ($1, 'fre_1111111111111111111111', $2, $3, 'x')`,
      [organization, only.account, only.member],
    );
    const tried = await decide(helper, 'fre_1111111111111111111111', 'approve');
    assertRefused(tried, 403, 'more_than_own');
    assert.match(tried.body.detail, /payos accounts reset-factors/);
    assert.equal(await factorsOf(only), 2);
  });
});

describe('a person of two organizations', () => {
  let there: Person;
  before(async () => {
    there = await office.join('owner', { organization: office.stranger });
  });
  async function ofBoth(): Promise<Person> {
    const friend = await stranded('finance');
    await office.join('finance', { account: friend.account, organization: office.stranger });
    await office.rows(
      `UPDATE sessions SET state = 'second_factor', factor_at = NULL
      WHERE account_id = $1`,
      [friend.account],
    );
    return friend;
  }

  it('is not let into one by the word of the other: both have to agree', async () => {
    const friend = await ofBoth();
    await ask(friend);
    const [here, other] = [await requestOf(friend), await requestOf(friend, office.stranger)];
    assertRefused(await decide(admin, other, 'approve'), 404, 'not_found');
    assertRefused(await decide(there, here, 'refuse'), 404, 'not_found');
    assert.ok(!(await admin.get('/v1/factor_resets')).text.includes(other));
    assert.equal((await decide(admin, here, 'approve')).body.status, 'approved');
    assert.equal(await factorsOf(friend), 2);
    assert.equal((await friend.get('/v1/session')).body.state, 'second_factor');
    assert.equal((await decide(there, other, 'approve')).body.status, 'approved');
    assert.equal(await factorsOf(friend), 0);
    assert.equal((await friend.get('/v1/session')).body.state, 'none');
  });

  it('is let in when both agree at the same moment', async () => {
    const friend = await ofBoth();
    await ask(friend);
    const [here, other] = [await requestOf(friend), await requestOf(friend, office.stranger)];
    const deciding = [() => decide(admin, here, 'approve'), () => decide(there, other, 'approve')];
    // Both have to wait for the person's row: neither may go by what the other has not committed.
    const row = ['SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE', [friend.account]] as const;
    const answers = await office.whileWaiting(deciding, undefined, row);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    );
    assert.equal(await factorsOf(friend), 0);
  });

  it('is let in nowhere when one refuses, and may ask again', async () => {
    const friend = await ofBoth();
    await ask(friend);
    const [here, other] = [await requestOf(friend), await requestOf(friend, office.stranger)];
    assert.equal((await decide(there, other, 'refuse')).status, 200);
    assert.equal((await decide(admin, here, 'approve')).status, 200);
    assert.equal(await factorsOf(friend), 2);
    await ask(friend);
    assert.notEqual(await requestOf(friend), here);
    assert.notEqual(await requestOf(friend, office.stranger), other);
    const open = await office.rows(
      `SELECT 1 FROM factor_resets WHERE account_id = $1 AND status = 'pending'`,
      [friend.account],
    );
    assert.equal(open.length, 2);
  });

  it('may ask again also where the other has not said a word', async () => {
    const friend = await ofBoth();
    await ask(friend);
    const [here, other] = [await requestOf(friend), await requestOf(friend, office.stranger)];
    await decide(there, other, 'refuse');
    assert.equal((await ask(friend)).body.factor_reset, 'pending');
    assert.notEqual(await requestOf(friend), here);
    assertRefused(await decide(admin, here, 'approve'), 409, 'decided_already');
    await decide(admin, await requestOf(friend), 'approve');
    await decide(there, await requestOf(friend, office.stranger), 'approve');
    assert.equal(await factorsOf(friend), 0);
  });

  it('needs no word of one where they were disabled since', async () => {
    const friend = await ofBoth();
    await ask(friend);
    await office.rows(
      `UPDATE members SET status = 'disabled' WHERE account_id = $1 AND organization_id = $2`,
      [friend.account, office.stranger],
    );
    const other = await requestOf(friend, office.stranger);
    assertRefused(await decide(there, other, 'approve'), 409, 'decided_already');
    await decide(admin, await requestOf(friend), 'approve');
    assert.equal(await factorsOf(friend), 0);
  });

  it('threat: gets new factors by the word of one, while the other had them disabled', async () => {
    const friend = await ofBoth();
    const disabled = (at: string) =>
      office.rows(
        `UPDATE members SET status = 'disabled', disabled_at = ${at}
         WHERE account_id = $1 AND organization_id = $2`,
        [friend.account, office.organization],
      );
    await disabled('now()');
    await ask(friend);
    const other = await requestOf(friend, office.stranger);
    const enable = (body: object = {}) => owner.post(`/v1/members/${friend.member}/enable`, body);
    // Enabled before it was decided: now there are two to agree.
    assert.equal((await enable()).status, 200);
    assert.equal((await decide(there, other, 'approve')).body.status, 'approved');
    assert.equal(await factorsOf(friend), 2);
    // Enabled after it was decided: whoever enables has to know.
    await disabled('now()');
    await ask(friend);
    const again = await requestOf(friend, office.stranger);
    assert.equal((await decide(there, again, 'approve')).body.status, 'approved');
    assert.equal(await factorsOf(friend), 0);
    assertRefused(await enable(), 409, 'factors_replaced');
    assert.equal((await enable({ factors_replaced: true })).body.status, 'active');
    const [note] = await office.rows(
      'SELECT details FROM audit_log WHERE object_id = $1 ORDER BY id DESC LIMIT 1',
      [friend.member],
    );
    assert.deepEqual(note.details, { factors_replaced: true });
  });
});
