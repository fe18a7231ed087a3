import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { builtInRoles, defaultKeyPermissions, keyPermissions, type Mode } from 'payos-contract';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { Person } from '../../tools/harness/people.ts';
import { openSharedOffice, type SharedOffice } from './office.ts';

let office: SharedOffice;
let owner: Person;
let developer: Person;
before(async () => {
  office = await openSharedOffice();
  owner = await office.join('owner');
  developer = await office.join('developer');
});
after(async () => office?.stop());

const create = (person: Person, body: object, mode: Mode = 'test'): Promise<Answer> =>
  person.call('POST', '/v1/api_keys', { body: { name: 'Key', ...body }, mode });
const change = (person: Person, id: string, body: object, mode: Mode = 'test') =>
  person.call('PATCH', `/v1/api_keys/${id}`, { body, mode });
const act = (person: Person, id: string, verb: string, body = {}, mode: Mode = 'test') =>
  person.call('POST', `/v1/api_keys/${id}/${verb}`, { body, mode });
const use = (key: string) => office.api.get('/v1/payments', key);

async function made(person: Person, body: object, mode: Mode = 'test') {
  const answer = await create(person, body, mode);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}
function refused(answer: Answer, status: number, code: string): void {
  assert.equal(`${answer.status} ${answer.body.code}`, `${status} ${code}`, answer.text);
}

describe('a key that a member makes', () => {
  it('works, is the member`s, and shows its secret once', async () => {
    const key = await made(owner, { service: 'checkout', rate_limit: 50 });
    assert.match(key.key, /^payos_sk_test_/);
    assert.equal(key.key_jwe, null);
    assert.equal(key.owner, owner.member);
    assert.equal(key.mode, 'test');
    assert.equal(key.status, 'active');
    assert.deepEqual(key.permissions, defaultKeyPermissions('test'));
    assert.equal((await use(key.key)).status, 200);
    const shown = await owner.get(`/v1/api_keys/${key.id}`, 'test');
    assert.equal(shown.body.service, 'checkout');
    assert.equal(shown.body.owner_name, 'Somebody');
    assert.ok(!('key' in shown.body) && !shown.text.includes(key.key));
    const [note] = await office.rows('SELECT * FROM audit_log WHERE object_id = $1', [key.id]);
    assert.equal(note.action, 'api_key.create');
    assert.equal(note.actor_id, owner.member);
    const lines = await office.rows(
      'SELECT e::text AS line FROM events e UNION ALL SELECT a::text FROM audit_log a',
    );
    for (const { line } of lines) assert.ok(!line.includes(key.key), line);
  });

  it('is of the mode that the member works in, with what they may do there', async () => {
    const mixed = await office.join({ test: 'developer', live: 'analyst' });
    refused(await create(mixed, {}, 'live'), 403, 'permission_denied');
    const key = await made(mixed, {});
    assert.equal(key.mode, 'test');
    const usual = defaultKeyPermissions('test');
    const own: readonly string[] = builtInRoles.developer.permissions;
    assert.deepEqual(
      key.permissions,
      usual.filter((name) => own.includes(name)),
    );
  });

  it('never has what the member has not, named or not', async () => {
    const answer = await create(developer, { permissions: ['payments:read', 'refunds:write'] });
    refused(answer, 403, 'more_than_own');
    assert.match(answer.body.detail, /refunds:write/);
    assert.doesNotMatch(answer.body.detail, /payments:read/);
    refused(await create(developer, { permissions: ['keys:write'] }), 400, 'invalid_request');
    const wide = await create(owner, { permissions: ['members:read'] });
    refused(wide, 400, 'invalid_request');
    assert.equal((await create(owner, { permissions: ['members:read'] }, 'live')).status, 201);
  });

  it('is not given a right that was taken away while the request was under way', async () => {
    const demoted = await office.join('developer');
    const [answer] = await office.whileWaiting([() => create(demoted, {})], async () => {
      await office.rows(`UPDATE members SET role_test = 'analyst' WHERE id = $1`, [demoted.member]);
    });
    refused(answer as Answer, 403, 'permission_denied');
  });

  it('is refused with fields that are wrong', async () => {
    const wrong: Record<string, object> = {
      '/ip_ranges/1': { ip_ranges: ['10.0.0.0/8', '10.0.0.0/40'] },
      '/ip_ranges/0': { ip_ranges: ['10.0.0.1'] },
      '/allowed_origins': { allowed_origins: ['https://shop.example'] },
      '/allowed_origins/0': { kind: 'publishable', allowed_origins: ['https://shop.example/x'] },
      '/amount_limits': { kind: 'publishable', amount_limits: [limit('EUR', 1, 1)] },
      '/permissions': { kind: 'publishable', permissions: ['payments:write'] },
      '/amount_limits/0/currency': { amount_limits: [limit('XYZ', 1, 1)] },
      '/amount_limits/1/currency': { amount_limits: [limit('EUR', 1, 1), limit('eur', 1, 1)] },
      '/amount_limits/0/per_payment': { amount_limits: [limit('EUR', 2, 1)] },
      '/customers/0': { customers: ['cus_1111111111111111111111'] },
      '/expires_at': { expires_at: '2020-01-01T00:00:00Z' },
      '/name': { name: 'a\u202eb' },
    };
    for (const [pointer, body] of Object.entries(wrong)) {
      const answer = await create(owner, body);
      refused(answer, 400, 'invalid_request');
      assert.equal(answer.body.errors[0].pointer, pointer, answer.text);
    }
    for (const origin of [
      'https://a.example/',
      'https://*.a.example',
      'ftp://a.example',
      'https://u@a.example',
      'http://a.example',
      'https://a.example?x',
      'null-null',
    ]) {
      const answer = await create(owner, { kind: 'publishable', allowed_origins: [origin] });
      refused(answer, 400, 'invalid_request');
    }
  });

  it('keeps what is right, written in one way', async () => {
    const origins = ['https://Shop.Example:443', 'https://bücher.example', 'http://localhost:3000'];
    const page = await made(owner, { kind: 'publishable', allowed_origins: origins });
    assert.deepEqual(page.allowed_origins, [
      'https://shop.example',
      'https://xn--bcher-kva.example',
      'http://localhost:3000',
    ]);
    assert.deepEqual(page.permissions, ['tokens:create']);
    const local = { kind: 'publishable', allowed_origins: ['http://localhost:3000'] };
    refused(await create(owner, local, 'live'), 400, 'invalid_request');
    const key = await made(owner, {
      amount_limits: [limit('eur', 100, 1000), limit('JPY', null, 5)],
      ip_ranges: ['203.0.113.0/24', '2001:db8::/32', '127.0.0.0/8'],
      expires_at: '2099-01-01T01:00:00+01:00',
    });
    assert.deepEqual(
      key.amount_limits.map((one: { currency: string }) => one.currency),
      ['EUR', 'JPY'],
    );
    assert.equal(key.expires_at, '2099-01-01T00:00:00.000Z');
  });

  it('is bound to customers of its own mode only', async () => {
    const { key } = await office.operator.mint(office.organization, { mode: 'live' });
    const customer = (await office.api.post('/v1/customers', key, { name: 'A' })).body.id;
    refused(await create(owner, { customers: [customer] }), 400, 'invalid_request');
    const bound = await made(owner, { customers: [customer] }, 'live');
    assert.deepEqual(bound.customers, [customer]);
  });

  it('is answered again to a retry, sealed in between', async () => {
    const call = {
      body: { name: 'Once' },
      mode: 'test',
      headers: { 'idempotency-key': 'k-1' },
    } as const;
    const first = await owner.call('POST', '/v1/api_keys', call);
    const again = await owner.call('POST', '/v1/api_keys', call);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.equal(again.body.key, first.body.key);
    const kept = await office.rows('SELECT answer FROM idempotency_keys');
    for (const { answer } of kept) {
      assert.ok(!(answer ?? Buffer.alloc(0)).includes(first.body.key.slice(20, 40)));
    }
  });

  it('is one too many after 200 living ones', async () => {
    const { stranger, rows } = office;
    const boss = await office.join('owner', { organization: stranger });
    await rows(
      `INSERT INTO api_keys (organization_id, id, mode, kind, lookup_id, secret_hash,
         pepper_version, name, hint, permissions, api_version, revoked_at, expires_at)
       SELECT $1, 'key_' || n, 'test', 'secret', 'many' || n, decode(repeat('00', 32), 'hex'), 1,
         'x', 'x', '{}', 'x', CASE WHEN n > 220 THEN now() END, CASE WHEN n > 200 THEN now() END
       FROM generate_series(2, 300) AS n`,
      [stranger],
    );
    const answers = await Promise.all([create(boss, {}), create(boss, {}), create(boss, {})]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409]);
    for (const { status, body } of answers)
      if (status === 409) assert.equal(body.code, 'key_limit_reached');
    assert.equal((await create(boss, {}, 'live')).status, 201);
    // A successor takes the place of its predecessor, but only one of them.
    const rotate = (id: string) =>
      boss.call('POST', `/v1/api_keys/${id}/rotate`, { body: {}, mode: 'test' });
    const first = await rotate(answers.find(({ status }) => status === 201)?.body.id);
    assert.equal(first.status, 201, first.text);
    refused(await rotate(first.body.successor.id), 409, 'key_limit_reached');
    await rows('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [first.body.predecessor.id]);
    assert.equal((await rotate(first.body.successor.id)).status, 201);
  });
});

describe('a key that is changed', () => {
  it('is not made faster than usual by who may do less than it', async () => {
    const developer = await office.join('developer');
    const { id } = await made(owner, { permissions: ['refunds:write'] });
    refused(await change(developer, id, { rate_limit: 1_000_000 }), 403, 'more_than_own');
    assert.equal((await change(developer, id, { rate_limit: 1 })).status, 200);
    refused(await change(developer, id, { rate_limit: null }), 403, 'more_than_own');
    assert.equal((await change(owner, id, { rate_limit: 1_000_000 })).status, 200);
    // Back to what is usual is slower.
    assert.equal((await change(developer, id, { rate_limit: null })).status, 200);
  });

  it('does at once what it was changed to', async () => {
    const key = await made(owner, { permissions: ['payments:read', 'refunds:read'] });
    assert.equal((await use(key.key)).status, 200);
    const answer = await change(owner, key.id, { permissions: ['refunds:read'], name: 'Less' });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.name, 'Less');
    assert.ok(answer.body.propagation.nodes >= 0);
    assert.equal((await use(key.key)).body.code, 'permission_denied');
    const notes = await office.rows(
      `SELECT details FROM audit_log WHERE object_id = $1 AND action = 'api_key.update'`,
      [key.id],
    );
    assert.deepEqual(notes[0].details.to, { name: 'Less', permissions: ['refunds:read'] });
  });

  it('is not changed by saying what it is', async () => {
    const key = await made(owner, {
      amount_limits: [limit('EUR', 5, 9)],
      expires_at: '2090-01-01T00:00:00Z',
    });
    const { permissions, amount_limits, expires_at } = key;
    const same = { permissions: permissions.toReversed(), amount_limits, expires_at };
    const answer = await change(owner, key.id, same);
    assert.equal(answer.body.updated_at, key.updated_at, answer.text);
  });

  it('gets no permission that whoever changes it does not have', async () => {
    const key = await made(owner, { permissions: ['payments:read'] });
    const more = { permissions: ['payments:read', 'refunds:write'] };
    refused(await change(developer, key.id, more), 403, 'more_than_own');
    assert.equal((await change(owner, key.id, more)).status, 200);
  });

  it('that may do more than one may oneself is narrowed by one, and not widened', async () => {
    const bounds = {
      permissions: ['payments:read', 'refunds:write', 'customers:write'],
      ip_ranges: ['10.0.0.0/8'],
      amount_limits: [limit('EUR', 100, 1000)],
      customers: [await customerIn('test')],
      rate_limit: 10,
      expires_at: '2090-01-01T00:00:00Z',
    };
    const key = await made(owner, bounds);
    const wider: object[] = [
      { ip_ranges: [] },
      { ip_ranges: ['10.0.0.0/8', '11.0.0.0/32'] },
      { ip_ranges: ['10.0.0.0/7'] },
      { ip_ranges: ['::/0'] },
      { amount_limits: [] },
      { amount_limits: [limit('EUR', 101, 1000)] },
      { amount_limits: [limit('EUR', 100, null)] },
      { amount_limits: [limit('EUR', 100, 1000), limit('USD', 1, 1)] },
      { customers: [] },
      { customers: [...bounds.customers, await customerIn('test')] },
      { rate_limit: 11 },
      { rate_limit: null },
      { expires_at: '2090-01-01T00:00:01Z' },
      { expires_at: null },
      { owner: owner.member, permissions: ['refunds:write'], rate_limit: 20 },
    ];
    for (const body of wider) {
      const answer = await change(developer, key.id, body);
      refused(answer, 403, 'more_than_own');
      assert.match(answer.body.detail, /refunds:write/);
    }
    const narrower = {
      ip_ranges: ['10.1.0.0/16', '10.9.9.9/32'],
      amount_limits: [limit('EUR', 1, 1)],
      rate_limit: 1,
      expires_at: '2080-01-01T00:00:00Z',
      permissions: ['payments:read', 'refunds:write'],
      name: 'Narrow',
    };
    assert.equal((await change(developer, key.id, narrower)).status, 200);
    // What remains is within their own: then it is a key like those they make.
    const own = { permissions: ['payments:read'], ip_ranges: [], rate_limit: null };
    assert.equal((await change(developer, key.id, own)).status, 200);
  });

  it('for pages that one may not use oneself is opened to no other page by one', async () => {
    const role = await office.makeRole(['keys:read', 'keys:write']);
    const keeper = await office.join(role);
    const [one, two] = ['https://one.example', 'https://two.example'];
    const body = { kind: 'publishable', allowed_origins: [one, two] };
    const { id } = await made(owner, body);
    const open = (allowed_origins: string[]) => change(keeper, id, { allowed_origins });
    refused(await open([]), 403, 'more_than_own');
    refused(await open([one, 'https://three.example']), 403, 'more_than_own');
    assert.equal((await open([two])).status, 200);
  });

  it('is given to a member who has all that it may do, and to nobody else', async () => {
    const key = await made(owner, { permissions: ['refunds:write'] });
    const support = await office.join('support');
    refused(await change(owner, key.id, { owner: developer.member }), 403, 'more_than_own');
    refused(await change(developer, key.id, { owner: support.member }), 403, 'more_than_own');
    const gone = await office.join('owner', { disabled: true });
    refused(await change(owner, key.id, { owner: gone.member }), 400, 'invalid_request');
    const other = await office.join('owner', { organization: office.stranger });
    refused(await change(owner, key.id, { owner: other.member }), 400, 'invalid_request');
    const given = await change(owner, key.id, { owner: support.member });
    assert.equal(given.body.owner, support.member, given.text);
  });

  it('must be one that can still work', async () => {
    const key = await made(owner, {});
    await act(owner, key.id, 'revoke');
    refused(await change(owner, key.id, { name: 'x' }), 409, 'key_state');
  });
});

describe('a key that is switched off', () => {
  it('works no more, and works again when it is enabled', async () => {
    const key = await made(owner, {});
    assert.equal((await use(key.key)).status, 200);
    const off = await act(owner, key.id, 'disable', { reason: 'odd calls' });
    assert.equal(off.body.status, 'disabled', off.text);
    assert.equal(off.body.disabled_reason, 'odd calls');
    assert.equal(
      (await act(owner, key.id, 'disable', { reason: 'x' })).body.disabled_reason,
      'odd calls',
    );
    const on = await act(owner, key.id, 'enable');
    assert.equal(on.body.status, 'active', on.text);
    assert.equal((await act(owner, key.id, 'enable')).status, 200);
    assert.equal((await use(key.key)).status, 200);
    const events = await office.rows(
      'SELECT type FROM events WHERE object_id = $1 ORDER BY sequence',
      [key.id],
    );
    assert.deepEqual(
      events.map(({ type }) => type),
      ['api_key.created', 'api_key.disabled', 'api_key.enabled'],
    );
  });

  it('is not enabled by who may not do what it may', async () => {
    const key = await made(owner, { permissions: ['refunds:write'] });
    const officer = await office.join('security_officer');
    assert.equal((await act(officer, key.id, 'disable')).status, 200);
    refused(await act(officer, key.id, 'enable'), 403, 'permission_denied');
    refused(await act(developer, key.id, 'enable'), 403, 'more_than_own');
    assert.equal((await act(owner, key.id, 'enable')).status, 200);
  });

  it('can be revoked, and then neither disabled nor enabled', async () => {
    const key = await made(owner, {});
    await act(owner, key.id, 'disable');
    const gone = await act(owner, key.id, 'revoke', { reason: 'leak' });
    assert.equal(gone.body.status, 'revoked');
    assert.equal((await use(key.key)).body.code, 'revoked_api_key');
    refused(await act(owner, key.id, 'disable'), 409, 'key_state');
    refused(await act(owner, key.id, 'enable'), 409, 'key_state');
    const again = await act(owner, key.id, 'revoke', { reason: 'other' });
    assert.equal(again.body.revoked_at, gone.body.revoked_at);
    assert.equal(again.body.revoked_reason, 'leak');
  });
});

describe('a key of another organization or mode', () => {
  it('is not found by any verb, and not listed', async () => {
    const key = await made(owner, {});
    const stranger = await office.join('owner', { organization: office.stranger });
    for (const [person, mode] of [
      [stranger, 'test'],
      [owner, 'live'],
    ] as const) {
      for (const verb of ['disable', 'enable', 'revoke']) {
        refused(await act(person, key.id, verb, {}, mode), 404, 'not_found');
      }
      refused(await change(person, key.id, { name: 'x' }, mode), 404, 'not_found');
      refused(await person.get(`/v1/api_keys/${key.id}`, mode), 404, 'not_found');
      assert.ok(!(await person.get('/v1/api_keys?limit=100', mode)).text.includes(key.id));
    }
    assert.equal((await use(key.key)).status, 200);
  });
});

describe('the list of keys', () => {
  it('comes in pages, newest first, and by kind, status and owner', async () => {
    const boss = await office.join('owner');
    const keys = [];
    for (const kind of ['secret', 'publishable', 'secret'] as const)
      keys.push(await made(boss, { kind }));
    const ids = keys.map((key) => key.id).reverse();
    const by = (query: string) => owner.get(`/v1/api_keys?owner=${boss.member}&${query}`, 'test');
    const idsOf = ({ body }: Answer) => body.data.map((key: { id: string }) => key.id);
    const first = await by('limit=2');
    assert.deepEqual(idsOf(first), ids.slice(0, 2));
    assert.equal(first.body.has_more, true);
    assert.deepEqual(idsOf(await by(`limit=2&after=${first.body.next}`)), ids.slice(2));
    assert.deepEqual(idsOf(await by(`before=${ids[2]}`)), ids.slice(0, 2));
    assert.deepEqual(idsOf(await by('kind=publishable')), [ids[1]]);
    await act(boss, ids[0], 'disable');
    await act(boss, ids[1], 'revoke');
    await office.rows(`UPDATE api_keys SET expires_at = now() WHERE id = $1`, [ids[2]]);
    assert.deepEqual(idsOf(await by('status=disabled')), [ids[0]]);
    assert.deepEqual(idsOf(await by('status=revoked')), [ids[1]]);
    assert.deepEqual(idsOf(await by('status=expired')), [ids[2]]);
    assert.deepEqual(idsOf(await by('status=active')), []);
    for (const { status, id } of (await by('')).body.data) {
      assert.deepEqual(idsOf(await by(`status=${status}`)), [id]);
    }
  });

  it('says when the rules want a key replaced, and what its owner may do no more', async () => {
    const person = await office.join('developer');
    const key = await made(person, { permissions: ['payments:read', 'events:read'] });
    await office.rows(`UPDATE members SET role_test = 'analyst' WHERE id = $1`, [person.member]);
    const { body } = await owner.get(`/v1/api_keys/${key.id}`, 'test');
    assert.deepEqual(body.beyond_owner, ['events:read']);
    assert.equal(Date.parse(body.due_at) - Date.parse(body.created_at), 90 * 86_400_000);
    await office.rows(`UPDATE members SET status = 'disabled' WHERE id = $1`, [person.member]);
    const gone = (await owner.get(`/v1/api_keys/${key.id}`, 'test')).body;
    assert.deepEqual(gone.beyond_owner, ['payments:read', 'events:read']);
  });

  it('is read by keys that were given that by name, and changed by none', async () => {
    const { key } = await office.operator.mint(office.organization, {
      permissions: keyPermissions('test'),
    });
    assert.equal((await office.api.get('/v1/api_keys', key)).status, 200);
    refused(await office.api.post('/v1/api_keys', key, { name: 'x' }), 403, 'permission_denied');
    const usual = await office.operator.mint(office.organization);
    refused(await office.api.get('/v1/api_keys', usual.key), 403, 'permission_denied');
  });
});

describe('the key that asks', () => {
  it('reads itself, and people have none', async () => {
    const key = await made(owner, { permissions: ['keys:roll_self'] });
    const self = await office.api.get('/v1/api_keys/self', key.key);
    assert.equal(self.body.id, key.id, self.text);
    assert.ok(self.body.due_at);
    refused(await owner.get('/v1/api_keys/self', 'test'), 403, 'keys_only');
  });
});

describe('the operator', () => {
  it('changes keys of every organization by the same verbs', async () => {
    const { call } = office.operator;
    const id = (await made(owner, { permissions: ['payments:read'] })).id;
    const path = `/operator/api_keys/${id}`;
    const operate = call.bind(office.operator);
    const changed = await operate('PATCH', path, { permissions: ['refunds:write'], name: 'O' });
    assert.deepEqual(changed['permissions'], ['refunds:write']);
    assert.equal((await operate('POST', `${path}/disable`, {}))['status'], 'disabled');
    assert.equal((await operate('POST', `${path}/enable`, {}))['status'], 'active');
    assert.equal((await operate('GET', path))['name'], 'O');
    assert.equal((await operate('POST', `${path}/revoke`, {}))['status'], 'revoked');
    await assert.rejects(
      operate('GET', '/operator/api_keys/key_1111111111111111111111'),
      /not_found/,
    );
  });
});

const limit = (currency: string, per_payment: number | null, per_day: number | null) => ({
  currency,
  per_payment,
  per_day,
});

async function customerIn(mode: Mode): Promise<string> {
  const { key } = await office.operator.mint(office.organization, { mode });
  return (await office.api.post('/v1/customers', key, { name: 'A' })).body.id;
}
