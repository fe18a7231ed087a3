import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { databaseUrl, releaseCluster, useCluster } from '../../tools/harness/cluster.ts';
import { type Person, signedIn } from '../../tools/harness/people.ts';
import { systemContext } from '../src/core/context.ts';
import { openDatabase } from '../src/core/db.ts';
import { createLog } from '../src/core/log.ts';
import { type Received, type Receiver, startReceiver } from '../src/egress/test-support.ts';
import { closeLostForwards, sweepForwards } from '../src/forwarding/index.ts';
import { eventually, openShop, type Shop } from './shop.ts';

const number = '4242424242424242';
const card = {
  number: '{{card.number}}',
  expiry: '{{card.exp_month_2}}/{{card.exp_year_2}}',
  cvc: '{{card.code}}',
  holder: '{{card.name}}',
};
const fields = {
  number: ['/card/number'],
  expiry: ['/card/expiry'],
  code: ['/card/cvc'],
  name: ['/card/holder'],
};

let shop: Shop;
let receiver: Receiver;
let owner: Person;
let second: Person;
let key: string;
let db: Awaited<ReturnType<Shop['connect']>>;
type Answering = (got: Received, response: ServerResponse) => void;
let answering: Answering;

before(async () => {
  const { certificates } = await useCluster();
  const pem = (name: string) => readFileSync(join(certificates, name), 'utf8');
  receiver = await startReceiver(
    { cert: pem('localhost.pem'), key: pem('localhost-key.pem') },
    (got, response) => answering(got, response),
  );
  shop = await openShop({
    start: ['vault', 'server'],
    settings: {
      PAYOS_PROCESSOR_TIMEOUT_MS: '1500',
      PAYOS_FORWARD_HOURLY: '60',
      PAYOS_FORWARD_DESTINATIONS: `localhost:${receiver.port}`,
    },
  });
  db = await shop.connect('control');
  const roles = { test: 'owner', live: 'owner' };
  owner = await signedIn(shop.api, db, { organization: shop.organization, roles });
  second = await signedIn(shop.api, db, { organization: shop.organization, roles });
  key = (await shop.operator.mint(shop.organization, { permissions: ['cards:forward'] })).key;
});
after(async () => {
  await db?.end();
  await shop?.stop();
  await receiver?.close();
  await releaseCluster();
});
beforeEach(() => {
  receiver.received.length = 0;
  answering = (_got, response) => response.end('{"id":"mem_1","ok":true}');
});

const base = (path = '/v1/') => `https://localhost:${receiver.port}${path}`;
const asJson = (response: ServerResponse, body: unknown) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));

async function destine(more: object = {}, mode: 'test' | 'live' = 'test', who = owner) {
  const input = { name: 'Club', url: base(), content_type: 'application/json', fields, ...more };
  return who.call('POST', '/v1/forward_destinations', { mode, body: input });
}

type More = { request?: object; headers?: Record<string, string>; token?: string };

async function forward({ request, headers, token }: More = {}, as = key) {
  const body = {
    token: token ?? (await shop.tokenize(number, { cvc: '731', name: 'Ada "X" & Co' })),
    request: {
      method: 'POST',
      url: base('/v1/members'),
      headers: { Authorization: 'Bearer of-the-club', 'Idempotency-Key': 'inner' },
      body: { member: 'customer-42', card },
      ...request,
    },
  };
  return shop.api.call('POST', '/v1/forward', {
    key: as,
    body,
    headers: { 'idempotency-key': randomUUID(), ...headers },
  });
}

describe('a forward', () => {
  let destination: string;
  before(async () => {
    const made = await destine();
    assert.equal(made.status, 201, made.text);
    assert.equal(made.body.status, 'active');
    destination = made.body.id;
  });

  it('sends the card, keeps the placeholders, and uses the token up', async () => {
    const token = await shop.tokenize(number, { cvc: '731', name: 'Ada "X" & Co' });
    const answer = await forward({ token });
    assert.equal(answer.status, 201, answer.text);
    const { id, status, response } = answer.body;
    assert.equal(status, 'answered');
    assert.deepEqual(response.body, { id: 'mem_1', ok: true });
    assert.equal(response.redacted, 'none');
    const [got] = receiver.received;
    const holder = 'Ada "X" & Co';
    const sent = { member: 'customer-42', card: { number, expiry: '12/31', cvc: '731', holder } };
    assert.deepEqual(JSON.parse(String(got?.body)), sent);
    assert.equal(got?.headers.authorization, 'Bearer of-the-club');
    assert.equal(got?.headers['accept-encoding'], 'identity');

    const record = (await owner.get(`/v1/forwards/${id}`, 'test')).body;
    assert.deepEqual(record, answer.body);
    assert.deepEqual(record.request.body.card, card);
    assert.equal(record.request.headers.Authorization, '[removed]');
    assert.equal(record.destination, destination);
    const again = await forward({ token });
    assert.deepEqual([again.status, again.body.code], [409, 'token_already_used']);
    const events = (await owner.get(`/v1/events?object=${id}`, 'test')).body.data;
    assert.deepEqual(
      events.map((event: { type: string }) => event.type),
      ['forward.answered'],
    );
  });

  it('is one call per key, however often it is asked for', async () => {
    const token = await shop.tokenize();
    const headers = { 'idempotency-key': randomUUID() };
    answering = (_got, response) => setTimeout(() => response.end('{}'), 200);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => forward({ token, headers })),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    assert.deepEqual([...statuses].sort(), [201, 409]);
    const ids = new Set(answers.flatMap(({ body }) => (body.object === 'forward' ? body.id : [])));
    assert.equal(ids.size, 1);
    assert.equal(receiver.received.length, 1);
    const replay = await forward({ token, headers });
    assert.equal(replay.headers['idempotency-replayed'], 'true');
    // Answers are kept for a day, the key for ever.
    await db.query('DELETE FROM idempotency_keys WHERE key = $1', [headers['idempotency-key']]);
    const fresh = await shop.tokenize();
    const late = await forward({ token: fresh, headers });
    assert.deepEqual([late.status, late.body.code], [422, 'idempotency_mismatch']);
    assert.equal(receiver.received.length, 1);
  });

  it('keeps a card that is repeated, in whatever form, in the vault', async () => {
    const spaced = '4242 4242 4242 4242';
    const echoes: [string, (got: Received, response: ServerResponse) => void, string][] = [
      [
        'plain',
        (got, response) => asJson(response, { you: JSON.parse(String(got.body)) }),
        'replaced',
      ],
      ['spaced', (_, response) => asJson(response, { card: spaced, id: 'x' }), 'replaced'],
      ['cut', (_, response) => asJson(response, { card: number.slice(0, 15) }), 'replaced'],
      ['code', (_, response) => asJson(response, { card: { cvc: 731 }, id: 'x' }), 'replaced'],
      [
        'base64',
        (got, response) => asJson(response, { raw: got.body.toString('base64') }),
        'replaced',
      ],
      ['hex', (got, response) => response.end(got.body.toString('hex')), 'withheld'],
      [
        'percent',
        (got, response) => response.end(encodeURIComponent(String(got.body))),
        'withheld',
      ],
      ['name', (_, response) => asJson(response, { [number]: 1 }), 'withheld'],
    ];
    for (const [what, echo, redacted] of echoes) {
      answering = echo;
      const answer = await forward();
      assert.equal(answer.body.response.redacted, redacted, `${what}: ${answer.text}`);
      const kept = (await owner.get(`/v1/forwards/${answer.body.id}`, 'test')).text;
      for (const text of [answer.text, kept]) {
        assert.ok(!/4242[ ]?4242[ ]?4242/.test(text), what);
        assert.ok(!text.includes('731'), what);
        assert.ok(!text.includes(Buffer.from(number).toString('hex')), what);
      }
    }
    const { text } = await forward();
    assert.ok(text.includes('mem_1') === false && text.includes('card data removed') === false);
  });

  it('follows no redirect, and takes neither encoded nor endless answers', async () => {
    answering = (_got, response) => response.writeHead(307, { location: base('/v1/other') }).end();
    const redirected = (await forward()).body.response;
    assert.equal(redirected.status, 307);
    assert.equal(redirected.headers.location, base('/v1/other'));
    assert.equal(receiver.received.length, 1);
    answering = (_got, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    assert.equal((await forward()).body.response.withheld_because, 'response_encoded');
    answering = (_got, response) => response.end('x'.repeat(100_000));
    assert.equal((await forward()).body.response.withheld_because, 'response_too_large');
    answering = (_got, response) => response.end(Buffer.from('4\u00002\u00004\u0000'));
    assert.equal((await forward()).body.response.withheld_because, 'response_not_text');
  });

  it('says unknown where it may have arrived, and is never sent again', async () => {
    const cut: Answering[] = [
      () => undefined,
      (_got, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('{"a":');
        setTimeout(() => response.destroy(), 50);
      },
      (_got, response) => void response.destroy(),
    ];
    for (const behaviour of cut) {
      receiver.received.length = 0;
      answering = behaviour;
      const token = await shop.tokenize();
      const headers = { 'idempotency-key': randomUUID() };
      const answer = await forward({ token, headers });
      assert.deepEqual([answer.status, answer.body.status], [201, 'unknown'], answer.text);
      const replay = await forward({ token, headers });
      assert.deepEqual(replay.body, answer.body);
      assert.equal(receiver.received.length, 1);
    }
  });

  it('goes to destinations that people have named, and nowhere else', async () => {
    const urls = [
      base('/v2/members'),
      base('/v1'),
      base('/v1/../v2/members'),
      base('/v1/%2e%2e%2fv2'),
      `https://localhost:${receiver.port + 1}/v1/members`,
      'https://169.254.169.254/v1/members',
      `https://user@localhost:${receiver.port}/v1/members`,
      base('/v1/members#x'),
      base('/v1/members').replace('https', 'http'),
    ];
    for (const url of urls) {
      const answer = await forward({ request: { url } });
      assert.deepEqual([answer.status, answer.body.code], [422, 'destination_not_allowed'], url);
    }
    assert.equal(receiver.received.length, 0);
  });

  it('puts the card where the destination takes it, and nowhere else', async () => {
    const bodies: object[] = [
      { note: '{{card.number}}' },
      { card: { ...card, holder: '{{card.number}}' } },
      { card: { ...card, number: 'x{{card.number}}' } },
      { card: { ...card, number: '{{card.pin}}' } },
      { card: { ...card, expiry: '{{card.number}}/{{card.exp_year}}' } },
      { card: [card] },
      { '{{card.number}}': 1 },
      { member: 'nobody' },
    ];
    const requests = [
      ...bodies.map((body) => ({ body })),
      { url: `${base('/v1/members')}?n={{card.number}}` },
      { headers: { 'X-Card': '{{card.number}}' } },
      { headers: { Host: 'other.example' } },
      { headers: { 'Transfer-Encoding': 'chunked' } },
    ];
    for (const request of requests) {
      const answer = await forward({ request });
      assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'], answer.text);
    }
    assert.equal(receiver.received.length, 0);
  });

  it('writes forms so that a value stays one', async () => {
    const form = { number: ['card[number]'], expiry: ['card[exp]'], name: ['holder'] };
    const content_type = 'application/x-www-form-urlencoded';
    const made = await destine({ url: base('/form'), content_type, fields: form });
    assert.equal(made.status, 201, made.text);
    const body = {
      'card[number]': '{{card.number}}',
      'card[exp]': '{{card.exp_month}}-{{card.exp_year_4}}',
      holder: '{{card.name}}',
      amount: '5&x=1',
    };
    await forward({ request: { url: base('/form'), body } });
    const got = receiver.received[0];
    assert.equal(got?.headers['content-type'], content_type);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(String(got?.body))), {
      'card[number]': number,
      'card[exp]': '12-2031',
      holder: 'Ada "X" & Co',
      amount: '5&x=1',
    });
  });

  it('finds no token of another organization, and is counted by the hour', async () => {
    const other = await shop.operator.createOrganization('Other');
    const foreign = (await shop.operator.mint(other, { permissions: ['cards:forward'] })).key;
    const answer = await forward({}, foreign);
    assert.deepEqual([answer.status, answer.body.code], [422, 'destination_not_allowed']);
    const plain = await forward({}, shop.secret);
    assert.deepEqual([plain.status, plain.body.code], [403, 'permission_denied']);
    const member = await signedIn(shop.api, db, {
      organization: other,
      roles: { test: 'owner', live: 'owner' },
    });
    await destine({}, 'test', member);
    const stolen = await forward({}, foreign);
    assert.deepEqual([stolen.status, stolen.body.code], [404, 'not_found']);
    await db.query("UPDATE forward_counts SET count = 60, hour = date_trunc('hour', now())");
    const limited = await forward();
    assert.deepEqual([limited.status, limited.body.code], [429, 'rate_limited'], limited.text);
    await db.query('UPDATE forward_counts SET count = 0');
    assert.equal(receiver.received.length, 0);
  });

  it('is refused by the vault where only the control plane knows of a destination', async () => {
    await db.query(
      `INSERT INTO forward_destinations (organization_id, id, mode, name, url, content_type, fields,
         status, requested_by, requester_account, vault_told_at)
       VALUES ($1, 'fdst_1111111111111111111111', 'test', 'Forged', $2, 'application/json', $3,
         'active', 'mem_1111111111111111111111', 'acc_1111111111111111111111', now())`,
      [shop.organization, base('/forged/'), JSON.stringify(fields)],
    );
    const answer = await forward({ request: { url: base('/forged/x') } });
    assert.deepEqual([answer.status, answer.body.code], [422, 'destination_not_allowed']);
    assert.match(answer.body.forward, /^fwd_/);
    assert.equal(receiver.received.length, 0);
  });

  it('is no longer sent to what was removed', async () => {
    const { id } = (await destine({ url: base('/gone/') })).body;
    const request = { url: base('/gone/x') };
    assert.equal((await forward({ request })).status, 201);
    await owner.call('DELETE', `/v1/forward_destinations/${id}`, { mode: 'test' });
    assert.equal((await forward({ request })).status, 422);
    const vault = await shop.connect('vault');
    const { rows } = await vault.query(
      'SELECT removed_by FROM forward_destinations WHERE id = $1',
      [id],
    );
    await vault.end();
    assert.equal(rows[0].removed_by, 'payos-server');
  });
});

describe('a destination in live mode', () => {
  it('needs a second person, whom the databases of both sides ask for', async () => {
    const roles = { test: 'developer', live: 'developer' };
    await signedIn(shop.api, db, { organization: shop.organization, roles });
    const made = await destine({ url: base('/live/') }, 'live');
    assert.deepEqual([made.status, made.body.status], [201, 'pending'], made.text);
    const path = `/v1/forward_destinations/${made.body.id}`;
    const own = await owner.post(`${path}/approve`);
    assert.deepEqual([own.status, own.body.code], [409, 'own_request']);
    await assert.rejects(
      db.query("UPDATE forward_destinations SET status = 'active' WHERE id = $1", [made.body.id]),
      /forward_destinations_two_people/,
    );
    const approved = await second.post(`${path}/approve`);
    assert.deepEqual([approved.status, approved.body.status], [200, 'active'], approved.text);
    const again = await second.post(`${path}/refuse`);
    assert.deepEqual([again.status, again.body.code], [409, 'decided_already']);
    const letters = await db.query(
      `SELECT count(*)::int AS of, count(DISTINCT recipient)::int AS people FROM mails
       WHERE template = 'forward_destination' AND organization_id = $1`,
      [shop.organization],
    );
    const why = 'both who may decide hear of the request and of the approval, in live mode only';
    assert.deepEqual(letters.rows, [{ of: 4, people: 2 }], why);

    const vault = await shop.connect('vault');
    const insert = (approver: string | null) =>
      vault.query(
        `INSERT INTO forward_destinations (id, organization_id, mode, url, content_type, fields,
           requested_by, approved_by, added_by, added_request)
         SELECT id || 'x', organization_id, mode, url, content_type, fields, requested_by,
           CASE $2 WHEN 'same' THEN requested_by END, added_by, added_request
         FROM forward_destinations WHERE id = $1`,
        [made.body.id, approver],
      );
    await assert.rejects(insert(null), /two_people/);
    await assert.rejects(insert('same'), /not_the_same/);
    await vault.end();
  });

  it('gets cards from keys that are bound to addresses only', async () => {
    const asked = async (ip_ranges: string[]) => {
      const live = await shop.operator.mint(shop.organization, {
        mode: 'live',
        permissions: ['cards:forward'],
        ip_ranges,
      });
      const answer = await forward({ token: 'tok_1111111111111111111111' }, live.key);
      return [answer.status, answer.body.code];
    };
    for (const ip_ranges of [[], ['0.0.0.0/0'], ['127.0.0.1/32', '::/0']]) {
      assert.deepEqual(await asked(ip_ranges), [403, 'ip_list_required']);
    }
    // The URL is the next thing to be looked at.
    assert.deepEqual(await asked(['127.0.0.0/8']), [422, 'destination_not_allowed']);
  });

  it('is approved by nobody whose role was taken away while they waited', async () => {
    const { id } = (await destine({ url: base('/late/') }, 'live')).body;
    const roles = { test: 'admin', live: 'admin' };
    const fallen = await signedIn(shop.api, db, { organization: shop.organization, roles });
    const holder = await shop.connect('control');
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM organizations WHERE id = $1 FOR UPDATE', [shop.organization]);
    const approving = fallen.post(`/v1/forward_destinations/${id}/approve`);
    await eventually(async () => {
      const { rows } = await db.query(
        `SELECT 1 FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length > 0 || undefined;
    }, 'the approval waits its turn');
    await holder.query(`UPDATE members SET role_live = 'analyst' WHERE id = $1`, [fallen.member]);
    await holder.query('COMMIT');
    await holder.end();
    const { status, body } = await approving;
    assert.deepEqual([status, body.code], [403, 'permission_denied']);
  });
});

describe('what the worker does', () => {
  const open = () => {
    const url = (role: 'payos_app' | 'payos_read') =>
      databaseUrl(shop.cluster, role, shop.databases.control);
    const urls = { writeUrl: url('payos_app'), readUrl: url('payos_read') };
    const log = createLog('error', 'test');
    const control = openDatabase({ ...urls, pool: 2, name: 'test', log, indexesOnly: true });
    return { control, ctx: systemContext({ db: control, log }, 'worker') };
  };

  it('gives up what was lost, and forgets contents after 30 days but never the key', async () => {
    const { control, ctx } = open();
    const headers = { 'idempotency-key': randomUUID() };
    const token = await shop.tokenize();
    const old = (await forward({ token, headers })).body.id;
    const lost = (await forward()).body.id;
    await db.query("UPDATE forwards SET created_at = now() - interval '31 days' WHERE id = $1", [
      old,
    ]);
    await db.query(
      `UPDATE forwards SET created_at = now() - interval '5 minutes', status = 'sending',
         finished_at = NULL, response = NULL WHERE id = $1`,
      [lost],
    );
    await sweepForwards(control);
    await closeLostForwards(ctx, 1_500);
    await control.close();
    assert.equal((await owner.get(`/v1/forwards/${old}`, 'test')).status, 404);
    const given = (await owner.get(`/v1/forwards/${lost}`, 'test')).body;
    assert.deepEqual([given.status, given.failure], ['unknown', 'not_finished']);
    const { rows } = await db.query('SELECT request, response FROM forwards WHERE id = $1', [old]);
    assert.deepEqual(rows, [{ request: null, response: null }]);
    await db.query('DELETE FROM idempotency_keys WHERE key = $1', [headers['idempotency-key']]);
    receiver.received.length = 0;
    const again = await forward({ headers });
    assert.deepEqual([again.status, again.body.code], [422, 'idempotency_mismatch']);
    assert.equal(receiver.received.length, 0);
  });
});

describe('a vault that dies under way', () => {
  it('leaves a forward unknown, for good', async () => {
    const token = await shop.tokenize();
    const headers = { 'idempotency-key': randomUUID() };
    const arrived = new Promise<void>((resolve) => {
      answering = () => resolve();
    });
    const asked = forward({ token, headers });
    await arrived;
    await shop.processes.vault.kill();
    const answer = await asked;
    assert.deepEqual([answer.status, answer.body.status], [201, 'unknown'], answer.text);
    await shop.processes.vault.start();
    const replay = await forward({ token, headers });
    assert.deepEqual(replay.body, answer.body);
    assert.equal(receiver.received.length, 1);
  });
});
