import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Answer } from '../../tools/harness/api-client.ts';
import { type Office, openOffice } from './office.ts';

let office: Office;
before(async () => {
  office = await openOffice();
});
after(async () => office?.stop());

const makeLink = async (organization: string) =>
  (await office.operator.call('POST', '/operator/setup_links', { organization }))['link'];
const newToken = async (organization: string) =>
  String(await makeLink(organization)).split('#token=')[1] ?? '';

const headers = () => ({ origin: office.api.origin });
const lookUp = (token: string) =>
  office.api.call('POST', '/v1/setup/lookup', { headers: headers(), body: { token } });
const setUp = (token: string, more: object = {}) =>
  office.api.call('POST', '/v1/setup', {
    headers: headers(),
    body: {
      token,
      organization: 'Ada’s shop',
      name: 'Ada',
      email: 'ada@people.example',
      password: 'seven purple otters juggle',
      ...more,
    },
  });

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code, answer.text);
}

const ownersOf = async (organization: string) =>
  (
    await office.rows(
      `SELECT a.email, m.role_test, m.role_live FROM members m
       JOIN accounts a ON a.id = m.account_id WHERE m.organization_id = $1`,
      [organization],
    )
  ).map(({ email, role_test, role_live }) => [email, role_test, role_live]);

describe('a set-up link', () => {
  it('makes the owner, in test and live mode, and names the organization', async () => {
    const { organization } = office;
    const link = await makeLink(organization);
    assert.match(String(link), /^https:\/\/localhost:\d+\/setup#token=[\w-]{43}$/);
    const token = String(link).split('#token=')[1] ?? '';
    const seen = await lookUp(token);
    assert.deepEqual(seen.body, { organization: { id: organization, name: 'Shop' } });
    const done = await setUp(token);
    assert.equal(done.status, 200, done.text);
    assert.equal(done.body.state, 'enrollment');
    assert.equal(done.body.account.name, 'Ada');
    assert.match(
      String(done.headers['set-cookie']),
      /^__Host-payos_session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
    assert.deepEqual(await ownersOf(organization), [['ada@people.example', 'owner', 'owner']]);
    const [row] = await office.rows('SELECT name FROM organizations WHERE id = $1', [organization]);
    assert.equal(row.name, 'Ada’s shop');
    const notes = await office.rows(
      `SELECT actor_type, actor_id FROM audit_log WHERE action = 'organization.set_up'`,
    );
    assert.deepEqual(notes, [{ actor_type: 'account', actor_id: done.body.account.id }]);
  });

  it('opens nothing before a factor is enrolled', async () => {
    const organization = await office.operator.createOrganization('Third');
    const done = await setUp(await newToken(organization), { email: 'third@people.example' });
    const cookie = String(done.headers['set-cookie']).split(';')[0] ?? '';
    for (const path of ['/v1/members', '/v1/payments', '/v1/organization']) {
      const answer = await office.api.call('GET', path, { headers: { cookie } });
      assertRefused(answer, 401, 'sign_in_unfinished');
    }
  });

  it('works once, is void when there is a newer one, and ends after a day', async () => {
    const organization = await office.operator.createOrganization('Fourth');
    const [first, second] = [await newToken(organization), await newToken(organization)];
    const email = 'fourth@people.example';
    assertRefused(await setUp(first, { email }), 410, 'link_invalid');
    await office.rows(
      `UPDATE one_time_links SET expires_at = now(), created_at = now() - interval '1 day'
       WHERE organization_id = $1`,
      [organization],
    );
    assertRefused(await setUp(second, { email }), 410, 'link_invalid');
    const third = await newToken(organization);
    const [link] = await office.rows(
      `SELECT extract(epoch FROM expires_at - created_at)::integer AS seconds
       FROM one_time_links WHERE organization_id = $1 AND used_at IS NULL`,
      [organization],
    );
    assert.equal(link.seconds, 86_400);
    assertRefused(await setUp(third, { email, password: 'short' }), 422, 'password_refused');
    const race = await Promise.all([
      setUp(third, { email }),
      setUp(third, { email: 'x@y.example' }),
    ]);
    assert.deepEqual(race.map(({ status }) => status).sort(), [200, 410]);
    assert.equal((await ownersOf(organization)).length, 1);
    assertRefused(await lookUp(third), 410, 'link_invalid');
  });

  it('is not made, and one that was made is void, once there is an owner', async () => {
    const organization = await office.operator.createOrganization('Fifth');
    const token = await newToken(organization);
    await office.join('owner', { organization });
    assert.equal(await makeLink(organization), null);
    assertRefused(await setUp(token, { email: 'fifth@people.example' }), 410, 'link_invalid');
    assert.equal((await ownersOf(organization)).length, 1);
  });

  it('with an address that has an account changes nothing, and stays good', async () => {
    const organization = await office.operator.createOrganization('Sixth');
    const token = await newToken(organization);
    const taken = await setUp(token, { email: 'ADA@people.example' });
    assertRefused(taken, 409, 'email_taken');
    assert.deepEqual(await ownersOf(organization), []);
    const [row] = await office.rows('SELECT name FROM organizations WHERE id = $1', [organization]);
    assert.equal(row.name, 'Sixth');
    assert.equal((await setUp(token, { email: 'sixth@people.example' })).status, 200);
  });

  it('is made by nobody but the operator, and never over the network', async () => {
    const answer = await office.api.call('POST', '/operator/setup_links', { body: {} });
    assert.equal(answer.status, 404);
  });
});
