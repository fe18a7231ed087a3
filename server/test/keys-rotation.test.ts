import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { keyPermissions, type Mode } from 'payos-contract';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { Person } from '../../tools/harness/people.ts';
import { openSharedOffice, type SharedOffice } from './office.ts';

let office: SharedOffice;
let owner: Person;
before(async () => {
  office = await openSharedOffice();
  owner = await office.join('owner');
});
after(async () => office?.stop());

const dayMs = 86_400_000;
const create = (body: object, mode: Mode = 'test', person = owner): Promise<Answer> =>
  person.call('POST', '/v1/api_keys', { body: { name: 'Key', ...body }, mode });
const act = (id: string, verb: string, body = {}, mode: Mode = 'test', person = owner) =>
  person.call('POST', `/v1/api_keys/${id}/${verb}`, { body, mode });
const use = (key: string) => office.api.get('/v1/payments', key);
const policy = (body: object, mode: Mode = 'test') =>
  owner.call('PATCH', '/v1/api_key_policy', { body, mode });
const roll = (key: string, body = {}) => office.api.post('/v1/api_keys/roll', key, body);

async function made(body: object = {}, person = owner) {
  const answer = await create(body, 'test', person);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}
function refused(answer: Answer | undefined, status: number, code: string): void {
  assert.equal(`${answer?.status} ${answer?.body.code}`, `${status} ${code}`, answer?.text);
}
const set = (id: string, what: string) =>
  office.rows(`UPDATE api_keys SET ${what} WHERE id = $1`, [id]);
const near = (time: string, ms: number) => {
  const off = Math.abs(Date.parse(time) - Date.now() - ms);
  assert.ok(off < 60_000, `${time} is off by ${off} ms`);
};

/** All that a key is allowed. */
const rights = ({ body }: { body: Record<string, unknown> }) => {
  const names = 'kind mode name service permissions ip_ranges allowed_origins amount_limits';
  const all = `${names} customers rate_limit api_version owner`.split(' ');
  return Object.fromEntries(all.map((name) => [name, body[name]]));
};

const bounds = {
  service: 'checkout',
  permissions: ['payments:read', 'payments:write', 'keys:roll_self'],
  ip_ranges: ['127.0.0.0/8'],
  amount_limits: [{ currency: 'EUR', per_payment: 100, per_day: 1000 }],
  rate_limit: 77,
};

describe('a rotated key', () => {
  it('has a successor with the same rights, and works on beside it for a day', async () => {
    const old = await made(bounds);
    const answer = await act(old.id, 'rotate');
    assert.equal(answer.status, 201, answer.text);
    const { predecessor, successor } = answer.body;
    assert.deepEqual(rights({ body: successor }), rights({ body: old }));
    assert.equal(predecessor.status, 'retiring');
    assert.equal(predecessor.successor, successor.id);
    assert.equal(successor.predecessor, old.id);
    near(predecessor.retires_at, dayMs);
    assert.equal(successor.expires_at, null);
    assert.notEqual(successor.key, old.key);
    for (const { key } of [old, successor]) assert.equal((await use(key)).status, 200);
    const actions = await office.rows(
      'SELECT action, object_id FROM audit_log WHERE object_id = ANY($1) ORDER BY id',
      [[old.id, successor.id]],
    );
    assert.deepEqual(actions.map(({ action }) => action).sort(), [
      'api_key.create',
      'api_key.create',
      'api_key.rotate',
    ]);
  });

  it('ends at once without an overlap, everywhere when the answer comes', async () => {
    const old = await made();
    assert.equal((await use(old.key)).status, 200);
    const answer = await act(old.id, 'rotate', { overlap_seconds: 0 });
    assert.equal(answer.body.predecessor.status, 'expired', answer.text);
    refused(await use(old.key), 401, 'expired_api_key');
    assert.equal((await use(answer.body.successor.key)).status, 200);
  });

  it('ends when its overlap is over, to the millisecond, and not before', async () => {
    const old = await made();
    const answer = await act(old.id, 'rotate', { overlap_seconds: 2 });
    const end = Date.parse(answer.body.predecessor.retires_at);
    let [last, first] = [0, Number.POSITIVE_INFINITY];
    while (Date.now() < end + 300) {
      const [asked, { status }, told] = [Date.now(), await use(old.key), Date.now()];
      if (status === 200) last = Math.max(last, asked);
      else first = Math.min(first, told);
    }
    assert.ok(last <= end, `was let in ${last - end} ms late`);
    assert.ok(first >= end - 1, `was refused ${end - first} ms early`);
  });

  it('never lives longer by it', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const old = await made({ expires_at: soon });
    const answer = await act(old.id, 'rotate', { overlap_seconds: 7 * 86_400 });
    assert.equal(answer.body.predecessor.retires_at, soon);
    refused(
      await act(old.id, 'rotate', { overlap_seconds: 7 * 86_400 + 1 }),
      400,
      'invalid_request',
    );
  });

  it('gives its successor a life as long as it had, unless told another', async () => {
    const old = await made({ expires_at: new Date(Date.now() + 30 * dayMs).toISOString() });
    await set(
      old.id,
      `created_at = created_at - interval '20 days', expires_at = expires_at - interval '20 days'`,
    );
    const { successor } = (await act(old.id, 'rotate')).body;
    near(successor.expires_at, 30 * dayMs);
    const never = (await act(successor.id, 'rotate', { expires_at: null })).body.successor;
    assert.equal(never.expires_at, null);
    refused(
      await act(never.id, 'rotate', { expires_at: '2020-01-01T00:00:00Z' }),
      400,
      'invalid_request',
    );
  });

  it('is not rotated again, and its successor is', async () => {
    const old = await made();
    const { successor } = (await act(old.id, 'rotate')).body;
    refused(await act(old.id, 'rotate'), 409, 'key_rotated_already');
    assert.equal((await act(successor.id, 'rotate')).status, 201);
  });

  it('is one that works: none that expired, was revoked or disabled', async () => {
    const keys = [await made(), await made(), await made()];
    await act(keys[0].id, 'revoke');
    await act(keys[1].id, 'disable');
    await set(keys[2].id, 'expires_at = now()');
    for (const { id } of keys) refused(await act(id, 'rotate'), 409, 'key_state');
  });

  it('is rotated once when two ask at once', async () => {
    const old = await made();
    for (const count of [2, 5]) {
      const key = count === 2 ? old : await made();
      const answers = await Promise.all(Array.from({ length: count }, () => act(key.id, 'rotate')));
      const statuses = answers.map(({ status }) => status).sort();
      assert.deepEqual(statuses, [201, ...Array(count - 1).fill(409)]);
      const lost = answers.filter(({ status }) => status === 409);
      for (const answer of lost) refused(answer, 409, 'key_rotated_already');
      const heirs = await office.rows('SELECT 1 FROM api_keys WHERE predecessor_id = $1', [key.id]);
      assert.equal(heirs.length, 1);
    }
  });

  it('is not rotated while it is being revoked, and nothing of it is left over', async () => {
    for (let round = 0; round < 10; round += 1) {
      const key = await made({ permissions: bounds.permissions });
      const [rotated, revoked, rolled] = await Promise.all([
        act(key.id, 'rotate'),
        act(key.id, 'revoke', { successors: true }),
        roll(key.key),
      ]);
      assert.equal(revoked.status, 200, revoked.text);
      for (const answer of [rotated, rolled]) {
        assert.ok([201, 401, 409].includes(answer.status), answer.text);
        if (answer.status === 201)
          refused(await use(answer.body.successor.key), 401, 'revoked_api_key');
      }
      const chain = await office.rows(
        'SELECT 1 FROM api_keys WHERE (id = $1 OR predecessor_id = $1) AND revoked_at IS NULL',
        [key.id],
      );
      assert.equal(chain.length, 0);
    }
  });

  it('that was revoked during the wait is not rotated', async () => {
    const key = await made();
    const lock = ['SELECT 1 FROM api_keys WHERE id = $1 FOR UPDATE', [key.id]] as const;
    const [answer] = await office.whileWaiting([() => act(key.id, 'rotate')], async () => {}, lock);
    assert.equal(answer?.status, 201, answer?.text);
    const other = await made();
    const holder = await office.connect('control');
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM api_keys WHERE id = $1 FOR UPDATE', [other.id]);
    const late = act(other.id, 'rotate');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await holder.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [other.id]);
    await holder.query('COMMIT');
    await holder.end();
    refused(await late, 409, 'key_state');
  });

  it('is finished early by who may revoke, and only when it has a successor', async () => {
    const old = await made();
    refused(await act(old.id, 'finish_rotation'), 409, 'key_state');
    const { successor } = (await act(old.id, 'rotate')).body;
    const officer = await office.join('security_officer');
    const done = await act(old.id, 'finish_rotation', {}, 'test', officer);
    assert.equal(done.body.status, 'expired', done.text);
    refused(await use(old.key), 401, 'expired_api_key');
    assert.equal((await use(successor.key)).status, 200);
    const again = await act(old.id, 'finish_rotation', {}, 'test', officer);
    assert.equal(again.body.retires_at, done.body.retires_at);
  });

  it('is not rotated by who may not do what it may: the answer is its successor', async () => {
    const developer = await office.join('developer');
    const key = await made({ permissions: ['refunds:write'] });
    refused(await act(key.id, 'rotate', {}, 'test', developer), 403, 'more_than_own');
    const stranger = await office.join('owner', { organization: office.stranger });
    refused(await act(key.id, 'rotate', {}, 'test', stranger), 404, 'not_found');
    refused(await act(key.id, 'rotate', {}, 'live'), 404, 'not_found');
    refused(await act(key.id, 'finish_rotation', {}, 'live'), 404, 'not_found');
  });

  it('stays its owner`s, and becomes the rotating member`s when the owner is gone', async () => {
    const [one, two] = [await office.join('admin'), await office.join('admin')];
    const key = await made({}, one);
    const first = (await act(key.id, 'rotate', {}, 'test', two)).body.successor;
    assert.equal(first.owner, one.member);
    await office.rows(`UPDATE members SET status = 'disabled' WHERE id = $1`, [one.member]);
    const second = (await act(first.id, 'rotate', {}, 'test', two)).body.successor;
    assert.equal(second.owner, two.member);
  });

  it('is answered again to a retry with the same successor', async () => {
    const { id } = await made();
    const call = { body: {}, mode: 'test', headers: { 'idempotency-key': 'rotate-1' } } as const;
    const first = await owner.call('POST', `/v1/api_keys/${id}/rotate`, call);
    const again = await owner.call('POST', `/v1/api_keys/${id}/rotate`, call);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.equal(again.body.successor.key, first.body.successor.key);
    const kept = await office.rows('SELECT answer FROM idempotency_keys');
    const secret = first.body.successor.key.slice(26, 58);
    for (const { answer } of kept) assert.ok(!(answer ?? Buffer.alloc(0)).includes(secret));
  });
});

describe('a key that rolls itself', () => {
  it('gets the same rights and not a day more of life', async () => {
    const end = new Date(Date.now() + 10 * dayMs).toISOString();
    const old = await made({ ...bounds, expires_at: end });
    await set(old.id, `created_at = created_at - interval '80 days'`);
    const answer = await roll(old.key);
    assert.equal(answer.status, 201, answer.text);
    const { successor } = answer.body;
    assert.deepEqual(rights({ body: successor }), rights({ body: old }));
    assert.equal(successor.expires_at, end);
    assert.equal((await use(successor.key)).status, 200);
  });

  it('cannot say what its successor is to be', async () => {
    const { key } = await made(bounds);
    const asked = {
      expires_at: null,
      permissions: keyPermissions('test'),
      ip_ranges: [],
      amount_limits: [],
      customers: [],
      rate_limit: null,
      name: 'x',
      owner: owner.member,
      public_key: 'x',
    };
    for (const [name, value] of Object.entries(asked)) {
      refused(await roll(key, { [name]: value }), 400, 'invalid_request');
    }
    refused(await roll(key, { overlap_seconds: 604_801 }), 400, 'invalid_request');
  });

  it('does it once, and its successor not while it still works', async () => {
    const old = await made(bounds);
    const { successor } = (await roll(old.key)).body;
    refused(await roll(old.key), 409, 'key_rotated_already');
    refused(await roll(successor.key), 409, 'key_state');
    await act(old.id, 'finish_rotation');
    assert.equal((await roll(successor.key)).status, 201);
  });

  it('needs the right for it, at that moment', async () => {
    const { key } = await made({ permissions: ['payments:read'] });
    refused(await roll(key), 403, 'permission_denied');
    const narrowed = await made(bounds);
    const holder = await office.connect('control');
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM api_keys WHERE id = $1 FOR UPDATE', [narrowed.id]);
    const late = roll(narrowed.key);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await holder.query(`UPDATE api_keys SET permissions = '{payments:read}' WHERE id = $1`, [
      narrowed.id,
    ]);
    await holder.query('COMMIT');
    await holder.end();
    refused(await late, 403, 'permission_denied');
  });

  it('is no person', async () => {
    const answer = await owner.call('POST', '/v1/api_keys/roll', { body: {}, mode: 'test' });
    refused(answer, 403, 'keys_only');
  });

  it('may not roll or rotate another key', async () => {
    const [one, two] = [await made(bounds), await made(bounds)];
    refused(
      await office.api.post(`/v1/api_keys/${two.id}/rotate`, one.key, {}),
      403,
      'permission_denied',
    );
  });
});

describe('the rules for keys', () => {
  it('are everybody`s until an organization sets its own, per mode', async () => {
    const { body } = await owner.get('/v1/api_key_policy', 'live');
    assert.equal(body.max_age_days, 90);
    assert.equal(body.on_overdue, 'warn');
    assert.equal(body.updated_at, null);
    const changed = await policy({ max_age_days: 30, longest_expiry_days: 60 }, 'live');
    assert.equal(changed.body.max_age_days, 30, changed.text);
    assert.equal(changed.body.on_leak_report, 'revoke');
    assert.equal((await owner.get('/v1/api_key_policy', 'live')).body.longest_expiry_days, 60);
    assert.equal((await owner.get('/v1/api_key_policy', 'test')).body.max_age_days, 90);
    const key = (await create({}, 'live')).body;
    near(key.expires_at, 60 * dayMs);
    refused(await create({ expires_at: null }, 'live'), 422, 'key_policy_refused');
    const late = new Date(Date.now() + 61 * dayMs).toISOString();
    refused(await create({ expires_at: late }, 'live'), 422, 'key_policy_refused');
    const path = `/v1/api_keys/${key.id}`;
    refused(
      await owner.call('PATCH', path, { body: { expires_at: late } }),
      422,
      'key_policy_refused',
    );
    refused(await act(key.id, 'rotate', { expires_at: null }, 'live'), 422, 'key_policy_refused');
    near((await act(key.id, 'rotate', {}, 'live')).body.successor.expires_at, 60 * dayMs);
    const [note] = await office.rows(
      `SELECT details, mode FROM audit_log
       WHERE action = 'api_key_policy.update' AND organization_id = $1`,
      [office.organization],
    );
    assert.equal(note.mode, 'live');
    assert.equal(note.details.from.max_age_days, 90);
    await policy({ max_age_days: 90, longest_expiry_days: null }, 'live');
  });

  it('ask for addresses and a service, of new keys and where these are taken away', async () => {
    const before = await made({ permissions: ['payments:read', 'keys:roll_self'] });
    await policy({ require_ip_ranges: true, one_service_per_key: true });
    const answer = await create({});
    refused(answer, 422, 'key_policy_refused');
    assert.deepEqual(
      answer.body.errors.map((error: { pointer: string }) => error.pointer),
      ['/ip_ranges', '/service'],
    );
    for (const [pointer, wrong] of Object.entries({
      '/ip_ranges/0': { ip_ranges: ['0.0.0.0/0'], service: 'a' },
      '/ip_ranges/1': { ip_ranges: ['127.0.0.0/8', '::/0'], service: 'a' },
      '/service': { ip_ranges: ['127.0.0.0/8'], service: ' .' },
    })) {
      const none = await create(wrong);
      refused(none, 422, 'key_policy_refused');
      assert.equal(none.body.errors[0].pointer, pointer);
    }
    const unrotated = await act(before.id, 'rotate');
    refused(unrotated, 422, 'key_policy_refused');
    assert.equal(unrotated.body.errors.length, 2);
    assert.equal((await roll(before.key)).status, 201);
    const key = await made({ ip_ranges: ['127.0.0.0/8'], service: 'a' });
    assert.equal((await act(key.id, 'rotate')).status, 201);
    const change = (id: string, body: object) =>
      owner.call('PATCH', `/v1/api_keys/${id}`, { body, mode: 'test' });
    refused(await change(key.id, { ip_ranges: [] }), 422, 'key_policy_refused');
    refused(await change(key.id, { service: null }), 422, 'key_policy_refused');
    assert.equal((await change(before.id, { name: 'Other' })).status, 200);
    assert.equal((await create({ kind: 'publishable', service: 'page' })).status, 201);
    await policy({ require_ip_ranges: false, one_service_per_key: false });
  });

  it('freeze or end what is overdue, and say before what they would', async () => {
    const [old, young] = [await made({ permissions: ['payments:read'] }), await made()];
    await set(old.id, `created_at = now() - interval '91 days'`);
    assert.equal((await use(old.key)).status, 200);
    await policy({ on_overdue: 'freeze' });
    const body = { permissions: ['payments:read', 'refunds:read'] };
    const path = `/v1/api_keys/${old.id}`;
    refused(await owner.call('PATCH', path, { body, mode: 'test' }), 409, 'key_overdue');
    const renamed = await owner.call('PATCH', path, { body: { name: 'Old' }, mode: 'test' });
    assert.equal(renamed.status, 200, renamed.text);

    const preview = await owner.call('POST', '/v1/api_key_policy/preview', {
      body: { on_overdue: 'expire', require_ip_ranges: true, longest_expiry_days: 9 },
      mode: 'test',
    });
    const idsOf = (keys: { id: string }[]) => keys.map(({ id }) => id);
    assert.deepEqual(idsOf(preview.body.end_now), [old.id], preview.text);
    assert.deepEqual(idsOf(preview.body.overdue), [old.id]);
    assert.ok(idsOf(preview.body.without_ip_ranges).includes(young.id));
    assert.ok(idsOf(preview.body.expire_too_late).includes(young.id));
    assert.equal((await use(old.key)).status, 200);

    await policy({ on_overdue: 'expire' });
    refused(await use(old.key), 401, 'expired_api_key');
    assert.equal((await use(young.key)).status, 200);
    assert.equal((await owner.get(path, 'test')).body.status, 'expired');
    refused(await act(old.id, 'rotate'), 409, 'key_state');
    await policy({ on_overdue: 'warn' });
    assert.equal((await use(old.key)).status, 200);
  });

  it('are set by the operator as well', async () => {
    const path = `/operator/api_key_policy?mode=live&organization=${office.stranger}`;
    await office.operator.call('PATCH', path, { max_age_days: null });
    assert.equal((await office.operator.call('GET', path))['max_age_days'], null);
    const boss = await office.join('owner', { organization: office.stranger });
    const key = await create({}, 'live', boss);
    assert.equal((await boss.get(`/v1/api_keys/${key.body.id}`, 'live')).body.due_at, null);
  });
});
