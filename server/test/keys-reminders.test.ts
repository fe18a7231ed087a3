import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Mode } from 'payos-contract';
import { databaseUrl } from '../../tools/harness/cluster.ts';
import type { Person } from '../../tools/harness/people.ts';
import { systemContext } from '../src/core/context.ts';
import { type Database, openDatabase } from '../src/core/db.ts';
import { createLog } from '../src/core/log.ts';
import { Sealer } from '../src/core/seal.ts';
import { tellOfEnds } from '../src/keys/index.ts';
import { both, type Office, openOffice } from './office.ts';

const sealingKey = Buffer.alloc(32, 7).toString('base64');
let office: Office;
let database: Database;
let boss: Person;
let owner: Person;
before(async () => {
  office = await openOffice({ PAYOS_SEALING_KEY: sealingKey }, ['server', 'worker']);
  const { cluster, databases } = office;
  database = openDatabase({
    writeUrl: databaseUrl(cluster, 'payos_app', databases.control),
    readUrl: databaseUrl(cluster, 'payos_read', databases.control),
    pool: 5,
    name: 'test',
    log: createLog('fatal', 'test'),
    indexesOnly: true,
  });
  boss = await office.join('owner', { email: 'boss@shop.example' });
  owner = await office.join('developer', { email: 'ada@shop.example' });
});
after(async () => {
  await database?.close();
  await office?.stop();
});

/** What several workers do at the same time, without the wait between. */
const tell = () => {
  const ctx = systemContext({ db: database, log: createLog('fatal', 'test') }, 'worker');
  return Promise.all([1, 2, 3].map(() => tellOfEnds(ctx, new Sealer(sealingKey))));
};
async function made(person: Person, body: object = {}, mode: Mode = 'test') {
  const call = { body: { name: 'Checkout', permissions: ['payments:read'], ...body }, mode };
  const answer = await person.call('POST', '/v1/api_keys', call);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}
const set = (id: string, what: string) =>
  office.rows(`UPDATE api_keys SET ${what} WHERE id = $1`, [id]);
const events = async (id: string, prefix = '') => {
  const found = await office.rows(
    'SELECT type FROM events WHERE object_id = $1 AND type LIKE $2 ORDER BY sequence',
    [id, `api_key.${prefix}%`],
  );
  return found.map(({ type }) => type.slice('api_key.'.length)).slice(1);
};
const mails = async (to: string, template: string): Promise<number> => {
  const [row] = await office.rows(
    'SELECT count(*)::int AS count FROM mails WHERE recipient = $1 AND template = $2',
    [to, template],
  );
  return row.count;
};

describe('a key near its end', () => {
  it('is told of by the worker: by event and by mail to its owner', async () => {
    const key = await made(owner);
    await set(
      key.id,
      `expires_at = now() + interval '13 days', created_at = now() - interval '2 days'`,
    );
    const mail = await office.mail.next('ada@shop.example', 60);
    assert.match(mail.subject, /Checkout ends soon/);
    assert.match(mail.text, /stops working on/);
    assert.match(mail.text, new RegExp(`/api-keys/${key.id}`));
    assert.ok(!mail.text.includes(key.key));
    assert.deepEqual(await events(key.id), ['expiring']);
  });

  it('is told of 14, 7 and 1 days before, each once', async () => {
    const key = await made(owner);
    const at = async (left: string) => {
      await set(
        key.id,
        `expires_at = '2030-01-31Z', created_at = '2030-01-31Z'::timestamptz - interval '89 days'`,
      );
      await set(
        key.id,
        `expires_at = now() + interval '${left}', created_at = now() - interval '60 days'`,
      );
      await tell();
      await tell();
      return (await events(key.id)).length;
    };
    assert.equal(await at('15 days'), 0);
    assert.equal(await at('14 days'), 1);
    assert.equal(await at('7 days'), 2);
    assert.equal(await at('1 day'), 3);
  });

  it('is told of at the same date once per step, and not for what lies behind', async () => {
    const key = await made(owner);
    const end = new Date(Date.now() + 6 * 86_400_000).toISOString();
    await set(key.id, `expires_at = '${end}', created_at = now() - interval '60 days'`);
    await tell();
    await tell();
    assert.deepEqual(await events(key.id), ['expiring']);
    const told = await office.rows('SELECT days FROM api_key_reminders WHERE key_id = $1', [
      key.id,
    ]);
    assert.deepEqual(told, [{ days: 7 }]);
  });

  it('is not told of when it was made for less, is on its way out, or is off', async () => {
    const [short, rotated, off] = [await made(owner), await made(owner), await made(owner)];
    await set(short.id, `expires_at = now() + interval '13 days'`);
    for (const { id } of [rotated, off]) {
      await set(
        id,
        `expires_at = now() + interval '5 days', created_at = now() - interval '60 days'`,
      );
    }
    await owner.call('POST', `/v1/api_keys/${rotated.id}/rotate`, { body: {}, mode: 'test' });
    await owner.call('POST', `/v1/api_keys/${off.id}/disable`, { body: {}, mode: 'test' });
    await tell();
    for (const { id } of [short, rotated, off]) assert.deepEqual(await events(id, 'expiring'), []);
  });

  it('of nobody is told of to those who run the organization', async () => {
    const before = await mails('boss@shop.example', 'api_key_expiring');
    const { id } = await office.operator.mint(office.organization);
    await set(id, `created_at = now() - interval '80 days'`);
    await tell();
    assert.equal(await mails('boss@shop.example', 'api_key_expiring'), before + 1);
    assert.deepEqual(await events(id), ['expiring']);
  });
});

describe('a key older than the rules allow', () => {
  it('is told of once, by what the rules are', async () => {
    const [key, page] = [
      await made(owner),
      await made(owner, { kind: 'publishable', permissions: ['tokens:create'] }),
    ];
    for (const { id } of [key, page]) await set(id, `created_at = now() - interval '90 days'`);
    await tell();
    await tell();
    assert.deepEqual(await events(key.id), ['overdue']);
    assert.deepEqual(await events(page.id), []);
    assert.equal(await mails('ada@shop.example', 'api_key_overdue'), 1);
    // A new rule is a new date.
    await boss.call('PATCH', '/v1/api_key_policy', { body: { max_age_days: 85 }, mode: 'test' });
    await tell();
    assert.deepEqual(await events(key.id), ['overdue', 'overdue']);
    const ends = { max_age_days: 90, on_overdue: 'expire' };
    await boss.call('PATCH', '/v1/api_key_policy', { body: ends, mode: 'test' });
    await tell();
    assert.deepEqual(await events(key.id), ['overdue', 'overdue', 'expired']);
    await boss.call('PATCH', '/v1/api_key_policy', { body: { on_overdue: 'warn' }, mode: 'test' });
  });
});

describe('a key that came to its end', () => {
  it('is told of once, whatever ended it, and not when it was revoked', async () => {
    const [dated, rotated, revoked] = [await made(owner), await made(owner), await made(owner)];
    await set(dated.id, 'expires_at = now()');
    const path = `/v1/api_keys/${rotated.id}/rotate`;
    await owner.call('POST', path, { body: { overlap_seconds: 0 }, mode: 'test' });
    await set(revoked.id, 'revoked_at = now(), expires_at = now()');
    await tell();
    await tell();
    assert.deepEqual(await events(dated.id), ['expired']);
    assert.deepEqual(await events(rotated.id), ['rotated', 'expired']);
    assert.deepEqual(await events(revoked.id), []);
    const [note] = await office.rows(
      `SELECT actor_type, details FROM audit_log
       WHERE action = 'api_key.expire' AND object_id = $1`,
      [dated.id],
    );
    assert.equal(note.actor_type, 'system');
    assert.ok(note.details.ended_at);
  });
});

describe('a live key that was made or rotated', () => {
  it('is told of to its owner, with who did it; a test key is not', async () => {
    const person = await office.join('developer', { email: 'grace@shop.example' });
    await made(person, { name: 'Quiet' });
    const key = await made(person, { name: 'Live' }, 'live');
    const mail = await office.mail.next('grace@shop.example');
    assert.match(mail.subject, /A live PayOS API key was made: Live/);
    assert.match(mail.text, /By: +Somebody|Somebody/);
    assert.ok(!mail.text.includes(key.key) && !mail.html?.includes(key.key));
    await boss.call('POST', `/v1/api_keys/${key.id}/rotate`, { body: {} });
    assert.match((await office.mail.next('grace@shop.example')).subject, /was rotated: Live/);
    assert.equal(await mails('grace@shop.example', 'api_key_created'), 1);
  });

  it('by itself is told of as well: whoever had it may have done it', async () => {
    const person = await office.join('developer', { email: 'joan@shop.example' });
    const permissions = ['payments:read', 'keys:roll_self'];
    const key = await made(person, { name: 'Rolling', permissions }, 'live');
    assert.match((await office.mail.next('joan@shop.example')).subject, /was made: Rolling/);
    const rolled = await office.api.post('/v1/api_keys/roll', key.key, {});
    assert.equal(rolled.status, 201, rolled.text);
    const mail = await office.mail.next('joan@shop.example');
    assert.match(mail.subject, /was rotated: Rolling/);
    assert.match(mail.text, /the key itself/);
  });

  it('by the operator is told of to those who run the organization', async () => {
    const before = await mails('boss@shop.example', 'api_key_created');
    await office.operator.mint(office.organization, { mode: 'live' });
    assert.equal(await mails('boss@shop.example', 'api_key_created'), before + 1);
  });
});

describe('a key that may do more than its owner from now on', () => {
  const beyond = async (id: string) => {
    const found = await office.rows(
      `SELECT data FROM events WHERE object_id = $1 AND type = 'api_key.beyond_owner'`,
      [id],
    );
    return found.map(({ data }) => data.beyond_owner);
  };

  it('is told of when the roles of its owner change', async () => {
    const person = await office.join('developer');
    const key = await made(person, { permissions: ['payments:read', 'events:read'] });
    const live = await made(person, { permissions: ['payments:read'] }, 'live');
    const change = (roles: object) =>
      boss.call('PATCH', `/v1/members/${person.member}`, { body: { roles } });
    assert.equal((await change({ test: 'analyst', live: 'developer' })).status, 200);
    assert.deepEqual(await beyond(key.id), [['events:read']]);
    await change({ test: 'developer', live: 'developer' });
    await change({ test: 'analyst', live: 'analyst' });
    assert.deepEqual(await beyond(key.id), [['events:read'], ['events:read']]);
    assert.deepEqual(await beyond(live.id), []);
    assert.equal((await office.api.get('/v1/payments', key.key)).status, 200);
  });

  it('is told of when a role of the organization`s own changes', async () => {
    const role = await boss.post('/v1/roles', {
      name: 'Keymaker',
      permissions: ['keys:write', 'payments:read', 'refunds:read'],
    });
    const person = await office.join(both(role.body.id));
    const key = await made(person, { permissions: ['payments:read', 'refunds:read'] }, 'live');
    const path = `/v1/roles/${role.body.id}`;
    await boss.call('PATCH', path, { body: { name: 'Keymakers' } });
    assert.deepEqual(await beyond(key.id), []);
    await boss.call('PATCH', path, { body: { permissions: ['keys:write', 'payments:read'] } });
    assert.deepEqual(await beyond(key.id), [['refunds:read']]);
  });

  it('is told of when its owner is disabled or leaves, unless it ends with them', async () => {
    const [one, two] = [await office.join('developer'), await office.join('developer')];
    const [stays, goes] = [await made(one), await made(one)];
    const left = await made(two);
    const path = `/v1/members/${one.member}/disable`;
    const answer = await boss.post(path, { revoke_api_keys: [goes.id] });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(await beyond(stays.id), [['payments:read']]);
    assert.deepEqual(await beyond(goes.id), []);
    assert.equal((await two.post('/v1/members/leave')).status, 200);
    assert.deepEqual(await beyond(left.id), [['payments:read']]);
  });
});
