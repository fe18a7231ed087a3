import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isWide } from 'payos-contract';
import { newToken } from '../src/access/token.ts';
import { both, openSharedOffice, type SharedOffice } from './office.ts';

let office: SharedOffice;
before(async () => {
  office = await openSharedOffice();
});
after(async () => office?.stop());

describe('threat: a key for payments reads who works here and what the rules are', () => {
  it('because nobody named its permissions', async () => {
    const { key } = await office.operator.mint(office.organization, { mode: 'live' });
    for (const path of ['/v1/members', '/v1/audit_log', '/v1/security_policy']) {
      const answer = await office.api.get(path, key);
      assert.equal(answer.body.code, 'permission_denied', path);
    }
    const [row] = await office.rows(
      `SELECT permissions FROM api_keys WHERE organization_id = $1
       ORDER BY created_at DESC LIMIT 1`,
      [office.organization],
    );
    assert.ok(row.permissions.length > 5);
    assert.deepEqual(row.permissions.filter(isWide), []);
    const named = await office.operator.mint(office.organization, {
      mode: 'live',
      permissions: ['members:read'],
    });
    assert.equal((await office.api.get('/v1/members', named.key)).status, 200);
  });
});

describe('threat: a name that looks like another, by characters nobody sees', () => {
  it('is refused for people, roles, organizations and addresses', async () => {
    const owner = await office.join('owner');
    for (const unseen of ['\u0007', '\n', '\u0085', '\u202e', '\u2066', '\u200f', '\u061c']) {
      const name = `Ada${unseen}Lovelace`;
      const permissions = ['payments:read'];
      const answers = await Promise.all([
        owner.call('PATCH', '/v1/account', { body: { name } }),
        owner.call('PATCH', '/v1/organization', { body: { name } }),
        owner.post('/v1/roles', { name, permissions }),
        owner.post('/v1/roles', { name: 'Plain', description: name, permissions }),
        owner.post('/v1/invitations', { email: `${name}@people.example`, roles: both('analyst') }),
      ]);
      for (const answer of answers) {
        assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'], answer.text);
      }
    }
    const fine = { name: 'Zoë O’Neil-محمد 李' };
    assert.equal((await owner.call('PATCH', '/v1/account', { body: fine })).status, 200);
  });
});

describe('threat: whoever invites learns which addresses have an account', () => {
  it('by the link they hold; the mailed one tells, to who reads the mails', async () => {
    const owner = await office.join('owner');
    const known = await office.join('analyst', { organization: office.stranger });
    const post = (path: string, body: object) =>
      office.api.call('POST', path, { headers: { origin: office.api.origin }, body });
    for (const [email, exists] of [
      [known.email, true],
      ['unknown.soul@people.example', false],
    ] as const) {
      const invited = await owner.post('/v1/invitations', { email, roles: both('analyst') });
      const token = String(invited.body.link).split('#token=')[1] ?? '';
      const seen = await post('/v1/invitations/lookup', { token });
      assert.equal(seen.body.account_exists, null, seen.text);
      const probes = [{ token }, { token, name: 'Ada', password: '1234' }];
      const codes = await Promise.all(
        probes.map(async (body) => (await post('/v1/invitations/accept', body)).body.code),
      );
      assert.deepEqual(codes, ['invalid_request', 'password_refused']);
      const { plain, hash } = newToken();
      await office.rows('UPDATE invitations SET mailed_token_hash = $1 WHERE id = $2', [
        hash,
        invited.body.id,
      ]);
      const read = await post('/v1/invitations/lookup', { token: plain });
      assert.equal(read.body.account_exists, exists, read.text);
    }
  });
});

describe('threat: invitations fill the mailbox of a stranger', () => {
  it('by being renewed again and again, or made by several organizations', async () => {
    const owner = await office.join('owner');
    const email = 'stranger@mailbox.example';
    const made = await owner.post('/v1/invitations', { email, roles: both('analyst') });
    assert.deepEqual([made.status, made.body.mailed], [201, true], made.text);
    const mailed: boolean[] = [];
    for (let times = 0; times < 6; times += 1) {
      const renewed = await owner.post(`/v1/invitations/${made.body.id}/renew`);
      assert.match(renewed.body.link, /#token=/, 'the link is there all the same');
      mailed.push(renewed.body.mailed);
    }
    assert.deepEqual(mailed, [true, true, true, true, false, false]);
    const rows = await office.rows(
      `SELECT count(*) FROM mails WHERE recipient = $1 AND template <> 'none'`,
      [email],
    );
    assert.deepEqual(rows, [{ count: '5' }]);
  });
});
