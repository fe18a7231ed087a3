import assert from 'node:assert/strict';
import { once } from 'node:events';
import https from 'node:https';
import { text as readText } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import { allPermissions } from 'payos-contract';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { Person } from '../../tools/harness/people.ts';
import { both, type Office, openOffice } from './office.ts';

let office: Office;
let owner: Person;
before(async () => {
  office = await openOffice();
  owner = await office.join('owner');
});
after(async () => office?.stop());

const password = 'seven purple otters juggle';
let count = 0;
const nobody = () => {
  count += 1;
  return `somebody.${count}@people.example`;
};
const tokenOf = (answer: Answer) => String(answer.body.link).split('#token=')[1] ?? '';

const invite = (by: Person, email: string, roles = both('analyst')) =>
  by.post('/v1/invitations', { email, roles });
const headers = () => ({ origin: office.api.origin });
const lookUp = (token: string) =>
  office.api.call('POST', '/v1/invitations/lookup', { headers: headers(), body: { token } });
const accept = (token: string, more: object = { name: 'New', password }) =>
  office.api.call('POST', '/v1/invitations/accept', {
    headers: headers(),
    body: { token, ...more },
  });

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code, answer.text);
}

const membersWith = (email: string) =>
  office.rows(
    `SELECT m.organization_id, m.role_test, m.role_live, m.invited_by FROM members m
     JOIN accounts a ON a.id = m.account_id WHERE a.email = $1`,
    [email],
  );

describe('an invitation', () => {
  it('makes a member of somebody new, who may do nothing before enrolling a factor', async () => {
    const email = nobody();
    const roles = { test: 'developer', live: 'analyst' };
    const invited = await invite(owner, email, roles as never);
    assert.equal(invited.status, 201, invited.text);
    assert.equal(invited.body.status, 'open');
    assert.ok(invited.body.link.startsWith(`${office.api.origin}/invitation#token=`));
    const seen = (await lookUp(tokenOf(invited))).body;
    assert.deepEqual(seen.roles, { test: 'Developer', live: 'Analyst' });
    assert.deepEqual([seen.organization, seen.email, seen.account_exists], ['Shop', email, null]);
    const accepted = await accept(tokenOf(invited));
    assert.equal(accepted.body.state, 'enrollment', accepted.text);
    const cookie = String(accepted.headers['set-cookie']).split(';')[0] ?? '';
    const refused = await office.api.call('GET', '/v1/payments', { headers: { cookie } });
    assertRefused(refused, 401, 'sign_in_unfinished');
    const expected = { organization_id: office.organization, role_test: 'developer' };
    const rest = { role_live: 'analyst', invited_by: owner.member };
    assert.deepEqual(await membersWith(email), [{ ...expected, ...rest }]);
    const { data } = (await owner.get('/v1/invitations')).body;
    const listed = data.find((one: { id: string }) => one.id === invited.body.id);
    assert.equal(listed.status, 'accepted');
    assert.ok(!('link' in listed));
  });

  it('is accepted by somebody with an account while signed in, and by nobody else', async () => {
    const friend = await office.join('analyst', {
      organization: office.stranger,
      email: 'Friend@people.example',
    });
    const invited = await invite(owner, 'friend@PEOPLE.example');
    const token = tokenOf(invited);
    assert.equal((await lookUp(token)).body.account_exists, null);
    assertRefused(await accept(token), 409, 'email_taken');
    const pending = await office.join('analyst', { state: 'second_factor' });
    assertRefused(await pending.post('/v1/invitations/accept', { token }), 400, 'invalid_request');
    const accepted = await friend.post('/v1/invitations/accept', { token });
    assert.equal(accepted.status, 200, accepted.text);
    const names = accepted.body.organizations.map((one: { name: string }) => one.name);
    assert.deepEqual(names, ['Other', 'Shop']);
    assert.equal(accepted.body.organization.name, 'Shop');
    assert.equal((await friend.get('/v1/session')).body.state, 'none');
  });

  it('with another email is refused, and stays open for whom it was meant', async () => {
    const email = nobody();
    const token = tokenOf(await invite(owner, email));
    const other = await office.join('analyst', { organization: office.stranger });
    const refused = await other.post('/v1/invitations/accept', { token });
    assertRefused(refused, 409, 'invitation_for_other');
    assert.ok(!refused.text.includes(email));
    const given = await other.post('/v1/invitations/accept', { token, name: 'X', password });
    assertRefused(given, 409, 'invitation_for_other');
    assert.equal((await accept(token)).status, 200);
    assert.equal((await membersWith(email)).length, 1);
  });

  it('works once, also for two who come at the same moment', async () => {
    const email = nobody();
    const token = tokenOf(await invite(owner, email));
    const answers = await office.whileWaiting([() => accept(token), () => accept(token)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 410]);
    assertRefused(await accept(token), 410, 'link_invalid');
    assertRefused(await lookUp(token), 410, 'link_invalid');
    assert.equal((await membersWith(email)).length, 1);
    const friend = await office.join('analyst', { organization: office.stranger });
    const again = tokenOf(await invite(owner, friend.email));
    const send = () => friend.post('/v1/invitations/accept', { token: again });
    const race = await office.whileWaiting([send, send]);
    assert.deepEqual(race.map(({ status }) => status).sort(), [200, 410]);
  });

  it('ends after three days, and a renewed one has another link', async () => {
    const email = nobody();
    const invited = await invite(owner, email);
    const { id } = invited.body;
    const days =
      (Date.parse(invited.body.expires_at) - Date.parse(invited.body.created_at)) / 864e5;
    assert.equal(days, 3);
    await office.rows('UPDATE invitations SET expires_at = now() WHERE id = $1', [id]);
    assertRefused(await accept(tokenOf(invited)), 410, 'link_invalid');
    const admin = await office.join('admin');
    const renewed = await admin.post(`/v1/invitations/${id}/renew`);
    assert.equal(renewed.body.status, 'open', renewed.text);
    assert.equal(renewed.body.invited_by, admin.member);
    assertRefused(await accept(tokenOf(invited)), 410, 'link_invalid');
    assert.equal((await accept(tokenOf(renewed))).status, 200);
    assertRefused(await admin.post(`/v1/invitations/${id}/renew`), 409, 'already_member');
  });

  it('that is withdrawn is void', async () => {
    const invited = await invite(owner, nobody());
    const path = `/v1/invitations/${invited.body.id}`;
    assert.equal((await owner.call('DELETE', path)).body.status, 'revoked');
    assert.equal((await owner.call('DELETE', path)).body.status, 'revoked');
    assertRefused(await accept(tokenOf(invited)), 410, 'link_invalid');
    assertRefused(await owner.post(`${path}/renew`), 410, 'link_invalid');
  });

  it('is not stored so that it could be used', async () => {
    const token = tokenOf(await invite(owner, nobody()));
    const rows = await office.rows('SELECT i::text AS line FROM invitations i');
    const notes = await office.rows('SELECT l::text AS line FROM audit_log l');
    const events = await office.rows('SELECT e::text AS line FROM events e');
    for (const { line } of [...rows, ...notes, ...events]) assert.ok(!line.includes(token));
    assert.ok(!office.processes.server.log().includes(token));
    const call = {
      headers: { 'idempotency-key': 'once' },
      body: { email: nobody(), roles: both('analyst') },
    };
    const [first, second] = [
      await owner.call('POST', '/v1/invitations', call),
      await owner.call('POST', '/v1/invitations', call),
    ];
    assert.equal(second.body.link, first.body.link);
    const kept = await office.rows(`SELECT encode(answer, 'escape') AS a FROM idempotency_keys`);
    assert.ok(kept.length > 0 && kept.every(({ a }) => !a.includes(tokenOf(first))));
  });

  it('takes a good password, and a refused one does not use it up', async () => {
    const token = tokenOf(await invite(owner, nobody()));
    assertRefused(await accept(token, { name: 'X', password: 'short' }), 422, 'password_refused');
    assertRefused(await accept(token, { name: 'X' }), 400, 'invalid_request');
    assert.equal((await accept(token)).status, 200);
  });
});

describe('whoever invites', () => {
  it('grants no more than they have', async () => {
    const admin = await office.join('admin');
    for (const roles of [both('owner'), { test: null, live: 'security_officer' }]) {
      assertRefused(await invite(admin, nobody(), roles as never), 403, 'more_than_own');
    }
    const live = await office.join({ test: null, live: 'admin' });
    assertRefused(await invite(live, nobody(), both('analyst')), 403, 'more_than_own');
    const forLive = { test: null, live: 'analyst' };
    assert.equal((await invite(live, nobody(), forLive as never)).status, 201);
  });

  it('does not renew what another could grant and they could not', async () => {
    const admin = await office.join('admin');
    const { id } = (await invite(owner, nobody(), both('owner'))).body;
    assertRefused(await admin.post(`/v1/invitations/${id}/renew`), 403, 'more_than_own');
  });

  describe('and is removed', () => {
    let inviter: Person;
    let email: string;
    let token: string;
    beforeEach(async () => {
      inviter = await office.join('admin');
      email = nobody();
      token = tokenOf(await invite(inviter, email));
    });
    const assertNobodyCame = async () => assert.deepEqual(await membersWith(email), []);

    it('lets nobody in any more: disabled by another', async () => {
      await owner.post(`/v1/members/${inviter.member}/disable`);
      assertRefused(await accept(token), 410, 'link_invalid');
      await assertNobodyCame();
    });

    it('lets nobody in any more: gone without the invitation being withdrawn', async () => {
      const remove = `UPDATE members SET status = 'disabled' WHERE id = $1`;
      await office.rows(remove, [inviter.member]);
      assertRefused(await accept(token), 409, 'inviter_gone');
      await assertNobodyCame();
    });

    it('lets nobody in any more: gone while the acceptance waits', async () => {
      const remove = `UPDATE members SET status = 'disabled' WHERE id = $1`;
      const [late] = await office.whileWaiting([() => accept(token)], () =>
        office.rows(remove, [inviter.member]),
      );
      assertRefused(late as Answer, 409, 'inviter_gone');
      await assertNobodyCame();
    });

    it('lets nobody in any more: may no longer invite', async () => {
      await office.rows(`UPDATE members SET role_live = 'analyst' WHERE id = $1`, [inviter.member]);
      assertRefused(await accept(token), 409, 'inviter_gone');
      await assertNobodyCame();
    });

    it('lets no owner in any more: has every permission still, and is no owner', async () => {
      const chief = await office.join('owner');
      const offered = tokenOf(await invite(chief, nobody(), both('owner')));
      const all = await office.makeRole(allPermissions);
      const demote = 'UPDATE members SET role_test = $1, role_live = $1 WHERE id = $2';
      await office.rows(demote, [all, chief.member]);
      assertRefused(await accept(offered), 409, 'inviter_gone');
    });

    it('lets nobody in any more: lost in one mode what was offered there', async () => {
      await office.rows('UPDATE members SET role_test = NULL WHERE id = $1', [inviter.member]);
      assertRefused(await accept(token), 409, 'inviter_gone');
      await assertNobodyCame();
    });
  });

  it('is judged by what the role grants when it is accepted', async () => {
    const created = await owner.post('/v1/roles', {
      name: 'Clerk',
      permissions: ['payments:read'],
    });
    const admin = await office.join('admin');
    const email = nobody();
    const token = tokenOf(await invite(admin, email, both(created.body.id)));
    const path = `/v1/roles/${created.body.id}`;
    const wide = { permissions: ['payments:read', 'security_policy:write'] };
    assert.equal((await owner.call('PATCH', path, { body: wide })).status, 200);
    assertRefused(await accept(token), 409, 'inviter_gone');
    assert.equal(
      (await owner.call('PATCH', path, { body: { permissions: ['payments:read'] } })).status,
      200,
    );
    assert.equal((await accept(token)).status, 200);
  });

  it('of another organization cannot touch the invitation', async () => {
    const stranger = await office.join('owner', { organization: office.stranger });
    const invited = await invite(owner, nobody());
    const path = `/v1/invitations/${invited.body.id}`;
    assertRefused(await stranger.call('DELETE', path), 404, 'not_found');
    assertRefused(await stranger.post(`${path}/renew`), 404, 'not_found');
    assert.ok(!(await stranger.get('/v1/invitations')).text.includes(invited.body.id));
    assert.equal((await accept(tokenOf(invited))).status, 200);
  });
});

describe('another site', () => {
  it('cannot make a signed-in person invite or accept (CSRF)', async () => {
    const body = { email: nobody(), roles: both('owner') };
    const attempts = [
      [{ 'payos-csrf': '' }, 'csrf_mismatch'],
      [{ 'payos-csrf': 'A'.repeat(43) }, 'csrf_mismatch'],
      [{ origin: 'https://evil.example' }, 'wrong_origin'],
      [{ origin: 'null' }, 'wrong_origin'],
    ] as const;
    for (const [forged, code] of attempts) {
      const answer = await owner.call('POST', '/v1/invitations', { body, headers: forged });
      assertRefused(answer, 403, code);
    }
    const { origin: _, ...without } = owner.headers('live');
    const answer = await office.api.call('POST', '/v1/invitations', { body, headers: without });
    assertRefused(answer, 403, 'wrong_origin');
    const friend = await office.join('analyst', { organization: office.stranger });
    const token = tokenOf(await invite(owner, friend.email));
    const evil = { body: { token }, headers: { origin: 'https://evil.example' } };
    const refused = await friend.call('POST', '/v1/invitations/accept', evil);
    assertRefused(refused, 403, 'wrong_origin');
    const rows = await office.rows('SELECT 1 FROM invitations WHERE email = $1', [body.email]);
    assert.equal(rows.length, 0);
  });

  it('does not get into the link by the Host header, nor into the mail', async () => {
    const body = { email: nobody(), roles: both('analyst') };
    const invited = await sendAsHost(owner, 'evil.example', body);
    assert.ok(invited.body.link.startsWith(`${office.api.origin}/invitation#`), invited.text);
    assert.equal(invited.body.mailed, true);
    const [mail] = await office.rows(
      'SELECT template, data_sealed FROM mails WHERE recipient = $1',
      [body.email],
    );
    assert.equal(mail.template, 'invitation');
    assert.ok(!mail.data_sealed.toString('latin1').includes(tokenOf(invited)));
  });

  it('is not answered as mailed where no mail can be sent', async () => {
    const silent = await openOffice({ PAYOS_MAIL_FROM: '' });
    try {
      const boss = await silent.join('owner');
      const invited = await invite(boss, nobody());
      assert.equal(invited.body.mailed, false, invited.text);
      assert.deepEqual(await silent.rows('SELECT id FROM mails'), []);
    } finally {
      await silent.stop();
    }
  });
});

/** An invitation in a request that lies about the host it is for. */
async function sendAsHost(by: Person, host: string, body: object): Promise<Answer> {
  const request = https.request(`${office.api.origin}/v1/invitations`, {
    method: 'POST',
    ca: office.ca,
    agent: false,
    servername: 'localhost',
    headers: {
      ...by.headers('live'),
      host,
      'x-forwarded-host': host,
      'content-type': 'application/json',
    },
  });
  request.end(JSON.stringify(body));
  const [response] = await once(request, 'response');
  const text = await readText(response);
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(text), text };
}

describe('who can be invited', () => {
  it('nobody who is a member, was disabled, or has an open invitation', async () => {
    const friend = await office.join('analyst');
    const gone = await office.join('analyst', { disabled: true });
    const email = nobody();
    const { body: first } = await invite(owner, email);
    assertRefused(await invite(owner, friend.email.toUpperCase()), 409, 'already_member');
    assertRefused(await invite(owner, gone.email), 409, 'already_member');
    assertRefused(await invite(owner, email.toUpperCase()), 409, 'invitation_exists');
    await office.rows('UPDATE invitations SET expires_at = now() WHERE id = $1', [first.id]);
    assert.equal((await invite(owner, email)).status, 201);
    assertRefused(await owner.post(`/v1/invitations/${first.id}/renew`), 409, 'invitation_exists');
  });

  it('nobody comes back who was disabled after being invited', async () => {
    const friend = await office.join('analyst', { organization: office.stranger });
    const token = tokenOf(await invite(owner, friend.email));
    await office.join('analyst', { account: friend.account, disabled: true });
    const refused = await friend.post('/v1/invitations/accept', { token });
    assertRefused(refused, 409, 'already_member');
  });

  it('an address of a domain that the organization allows, then and when accepted', async () => {
    const inside = await office.join('owner', { email: 'boss@shop.example' });
    const [before, within] = [
      tokenOf(await invite(inside, nobody())),
      tokenOf(await invite(inside, 'clerk@shop.example')),
    ];
    const patch = (email_domains: string[]) =>
      inside.call('PATCH', '/v1/security_policy', { body: { email_domains } });
    assert.equal((await patch(['shop.example'])).status, 200);
    assertRefused(await invite(inside, nobody()), 422, 'email_domain_refused');
    assertRefused(await accept(before), 422, 'email_domain_refused');
    assert.equal((await accept(within)).status, 200);
    await patch([]);
  });
});

describe('enumeration through invitations', () => {
  it('inviting tells nothing of accounts that other organizations have', async () => {
    const elsewhere = await office.join('analyst', { organization: office.stranger });
    const [known, unknown] = [await invite(owner, elsewhere.email), await invite(owner, nobody())];
    assert.deepEqual(shape(known), shape(unknown));
  });

  it('a link that is used, withdrawn, expired or made up answers the same', async () => {
    const used = await invite(owner, nobody());
    await accept(tokenOf(used));
    const withdrawn = await invite(owner, nobody());
    await owner.call('DELETE', `/v1/invitations/${withdrawn.body.id}`);
    const expired = await invite(owner, nobody());
    await office.rows('UPDATE invitations SET expires_at = now() WHERE id = $1', [expired.body.id]);
    const tokens = [...[used, withdrawn, expired].map(tokenOf), 'A'.repeat(43)];
    for (const ask of [lookUp, accept]) {
      const answers = await Promise.all(tokens.map((token) => ask(token)));
      for (const answer of answers) assertRefused(answer, 410, 'link_invalid');
      const bodies = answers.map(({ body: { request_id: _, ...rest } }) => JSON.stringify(rest));
      assert.equal(new Set(bodies).size, 1);
    }
  });
});

/** All that an answer tells beside the values that always differ. */
function shape({ status, body, headers: all }: Answer) {
  const { id, email, link, created_at, expires_at, ...rest } = body;
  return { status, rest, keys: Object.keys(body), headers: Object.keys(all).sort() };
}
