import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { formatApiKey, type Permission } from 'payos-contract';
import type pg from 'pg';
import { releaseCluster, useCluster } from '../../tools/harness/cluster.ts';
import { type Person, signedIn } from '../../tools/harness/people.ts';
import { eventually, openShop, type Shop } from './shop.ts';

const scanner = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const onP384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' });
const listed = {
  public_keys: [
    { key_identifier: 'current', key: pem(scanner.publicKey), is_current: true },
    { key_identifier: 'p384', key: pem(onP384.publicKey), is_current: true },
  ],
};
/** Of the right shape and checksum, and nobody's. */
const stranger = formatApiKey('secret', 'test', 'A'.repeat(12), 'B'.repeat(32));

let lists: Server;
let shop: Shop;
let db: pg.Client;
let owner: Person;
before(async () => {
  const { certificates } = await useCluster();
  lists = createServer(
    {
      cert: readFileSync(join(certificates, 'localhost.pem')),
      key: readFileSync(join(certificates, 'localhost-key.pem')),
    },
    (_request, response) => response.end(JSON.stringify(listed)),
  );
  await new Promise<void>((resolve) => lists.listen(0, '127.0.0.1', resolve));
  const { port } = lists.address() as AddressInfo;
  shop = await openShop({
    settings: { PAYOS_SECRET_SCANNING_KEYS: `https://localhost:${port}/keys` },
  });
  db = await shop.connect('control');
  const roles = { test: 'owner', live: 'owner' };
  owner = await signedIn(shop.api, db, {
    ...{ organization: shop.organization, roles },
    email: 'ada@example.com',
  });
});
after(async () => {
  await db?.end();
  await shop?.stop();
  lists?.close();
  await releaseCluster();
});

async function rules(more: { on_plain_http?: string; on_leak_report?: string }): Promise<void> {
  await db.query(
    `INSERT INTO api_key_policies (organization_id, mode, max_age_days, on_overdue,
       require_ip_ranges, one_service_per_key, on_plain_http, on_leak_report)
     VALUES ($1, 'test', 90, 'warn', false, false, $2, $3)
     ON CONFLICT (organization_id, mode)
       DO UPDATE SET on_plain_http = excluded.on_plain_http,
         on_leak_report = excluded.on_leak_report`,
    [shop.organization, more.on_plain_http ?? 'flag', more.on_leak_report ?? 'revoke'],
  );
}

async function row(id: string) {
  const { rows } = await db.query('SELECT * FROM api_keys WHERE id = $1', [id]);
  return rows[0];
}

const exposed = (id: string) =>
  eventually(async () => ((await row(id)).exposed_at === null ? undefined : row(id)), 'exposure');

/** What somebody sends who forgot the `s` of https, in as many pieces as they like. */
async function speakPlainly(port: number, ...pieces: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  // What is said after the answer may find the connection closed.
  socket.on('error', () => {});
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await closed;
  return answer;
}

const plainly = (key: string) => [
  'GET /v1/payments HTTP/1.1\r\nHost: localhost\r\n',
  `Authorization: Bearer ${key}\r\n\r\n`,
];

describe('a key sent over plain HTTP', () => {
  it('is refused and marked, its keepers are told once, and it goes on by the rules', async () => {
    await rules({});
    const { id, key } = await shop.operator.mint(shop.organization, { name: 'Checkout' });
    const answer = await speakPlainly(shop.ports.api, ...plainly(key));
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.match(answer, /"code":"plain_http"/);
    assert.equal((await exposed(id)).exposed_how, 'plain_http');
    const mail = await shop.mail.next('ada@example.com');
    assert.match(mail.subject, /Checkout was exposed/);
    assert.match(mail.text, /plain HTTP/);
    assert.ok(!mail.text.includes(key));
    await speakPlainly(shop.ports.api, plainly(key).join(''));
    assert.equal((await shop.api.get('/v1/payments', key)).status, 200);
    const { rows } = await db.query(
      "SELECT count(*)::int AS count FROM events WHERE object_id = $1 AND type = 'api_key.exposed'",
      [id],
    );
    assert.equal(rows[0].count, 1);
  });

  it('is switched off or revoked at once where the rules say so', async () => {
    for (const [rule, code] of [
      ['disable', 'disabled_api_key'],
      ['revoke', 'revoked_api_key'],
    ] as const) {
      await rules({ on_plain_http: rule });
      const { key } = await shop.operator.mint(shop.organization);
      assert.equal((await shop.api.get('/v1/payments', key)).status, 200);
      await speakPlainly(shop.ports.api, ...plainly(key));
      await eventually(async () => {
        const answer = await shop.api.get('/v1/payments', key);
        return answer.body.code === code ? true : undefined;
      }, code);
    }
  });

  it('tells a stranger nothing: the answer is the same', async () => {
    await rules({ on_plain_http: 'revoke' });
    const { key } = await shop.operator.mint(shop.organization);
    const [, ...wrong] = [...key].reverse();
    const answers = [];
    for (const sent of [key, stranger, wrong.join('')]) {
      const answer = await speakPlainly(shop.ports.api, ...plainly(sent));
      answers.push(answer.replaceAll(/req_\w+/g, ''));
    }
    assert.equal(new Set(answers).size, 1);
  });

  it('is none of a key of that id with another secret', async () => {
    await rules({ on_plain_http: 'revoke' });
    const { id, key } = await shop.operator.mint(shop.organization);
    const publicId = key.slice('payos_sk_test_'.length).slice(0, 12);
    const guess = formatApiKey('secret', 'test', publicId, 'C'.repeat(32));
    await speakPlainly(shop.ports.api, ...plainly(guess));
    await speakPlainly(shop.ports.api, ...plainly(shop.publishable));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await row(id)).exposed_at, null);
  });
});

describe('a key sent to the vault in the open', () => {
  it('is marked as well: over plain HTTP, in a URL, by a page', async () => {
    await rules({});
    const ways = {
      plain_http: (key: string) => speakPlainly(shop.ports.vault, ...plainly(key)),
      url: (key: string) => shop.vault.get(`/v1/tokens?key=${key}`),
      browser: (key: string) =>
        shop.vault.call('POST', '/v1/tokens', {
          key,
          body: {},
          headers: { origin: 'https://shop.example' },
        }),
    };
    for (const [how, send] of Object.entries(ways)) {
      const { id, key } = await shop.operator.mint(shop.organization);
      const answer = await send(key);
      const text = typeof answer === 'string' ? answer : answer.text;
      const code = { plain_http: how, url: 'key_in_url', browser: 'secret_key_in_browser' }[how];
      assert.match(text, new RegExp(`"code":"${code}"`));
      assert.equal((await exposed(id)).exposed_how, how);
    }
  });
});

describe('a key where it does not belong', () => {
  it('is refused from a page in a browser, whatever it asks for, and marked', async () => {
    for (const headers of [{ origin: 'https://shop.example' }, { 'sec-fetch-site': 'none' }]) {
      const { id, key } = await shop.operator.mint(shop.organization);
      const answer = await shop.api.call('GET', '/v1/payments', { key, headers });
      assert.equal(answer.status, 403);
      assert.equal(answer.body.code, 'secret_key_in_browser');
      assert.equal((await exposed(id)).exposed_how, 'browser');
    }
  });

  it('is refused in a URL, also where there is no such path, and marked', async () => {
    for (const path of ['/v1/payments?api_key=', '/nowhere/']) {
      const { id, key } = await shop.operator.mint(shop.organization);
      const answer = await shop.api.get(path + key, shop.secret);
      assert.equal(answer.status, 400);
      assert.equal(answer.body.code, 'key_in_url');
      assert.ok(!answer.text.includes(key));
      const marked = await exposed(id);
      assert.equal(marked.exposed_how, 'url');
      assert.equal(marked.revoked_at, null);
    }
  });

  it('is refused in a body, naming the field, and nothing is stored', async () => {
    const body = { email: 'a@example.com', metadata: { note: `use ${shop.secret} there` } };
    const answer = await shop.post('/v1/customers', body);
    assert.equal(answer.status, 400);
    assert.equal(answer.body.code, 'key_in_body');
    assert.equal(answer.body.param, 'metadata.note');
    const call = { key: shop.secret, body: {}, headers: { 'idempotency-key': shop.secret } };
    const asName = await shop.api.call('POST', '/v1/customers', call);
    assert.equal(asName.body.code, 'key_in_body');
    assert.equal(asName.body.param, 'Idempotency-Key');
    const atVault = await shop.vault.call('POST', '/v1/tokens', {
      key: shop.publishable,
      body: {},
      headers: { 'idempotency-key': shop.secret },
    });
    assert.equal(atVault.body.code, 'key_in_body');
    await assert.rejects(shop.operator.createOrganization(`Shop ${shop.secret}`), /key_in_body/);
    const junk = { metadata: { note: shop.secret.slice(0, -1) } };
    assert.equal((await shop.post('/v1/customers', junk)).status, 201);
  });
});

type Alert = { token: unknown; type?: string; url?: string; source?: string };

function report(alerts: unknown, key: KeyObject = scanner.privateKey, identifier = 'current') {
  const raw = JSON.stringify(alerts, null, 1);
  const signature = sign('sha256', Buffer.from(raw), key).toString('base64');
  return send(raw, { identifier, signature });
}

const send = (raw: string, { identifier, signature }: Record<'identifier' | 'signature', string>) =>
  shop.api.call('POST', '/v1/secret_scanning/alerts', {
    raw,
    headers: {
      'github-public-key-identifier': identifier,
      'github-public-key-signature': signature,
    },
  });

describe('a report of GitHub’s secret scanning', () => {
  const found = (token: unknown): Alert => ({
    token,
    type: 'payos_secret_key',
    url: 'https://github.com/octocat/shop/blob/main/config.js',
    source: 'commit',
  });

  it('revokes the keys of this installation at once, and tells their keepers', async () => {
    await rules({});
    const { id, key } = await shop.operator.mint(shop.organization, { name: 'Leaky' });
    const answer = await report([null, { token: 7 }, found(stranger), found(key)]);
    assert.equal(answer.status, 200, answer.text);
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    assert.deepEqual(answer.body, [
      { token_hash: hash(stranger), token_type: 'payos_secret_key', label: 'false_positive' },
      { token_hash: hash(key), token_type: 'payos_secret_key', label: 'true_positive' },
    ]);
    assert.equal((await row(id)).revoked_reason, 'exposed');
    assert.match((await row(id)).exposed_where, /^https:\/\/github\.com/);
    await eventually(async () => {
      const { body } = await shop.api.get('/v1/payments', key);
      return body.code === 'revoked_api_key' ? true : undefined;
    }, 'the end of the key');
    const mail = await eventually(async () => {
      const next = await shop.mail.next('ada@example.com');
      return next.subject.includes('Leaky') ? next : undefined;
    }, 'the mail');
    assert.match(mail.text, /revoked it at once/);
    const again = await report([found(key)]);
    assert.equal(again.body[0].label, 'true_positive');
  });

  it('switches them off where the rules say so, also after they were only marked', async () => {
    await rules({ on_leak_report: 'disable' });
    const { id, key } = await shop.operator.mint(shop.organization);
    await speakPlainly(shop.ports.api, ...plainly(key));
    assert.equal((await exposed(id)).disabled_at, null);
    assert.equal((await report([found(key)])).status, 200);
    const { disabled_at, revoked_at } = await row(id);
    assert.notEqual(disabled_at, null);
    assert.equal(revoked_at, null);
  });

  it('ends what the key made of itself, also after its end, and nothing of people', async () => {
    const permissions: Permission[] = ['payments:read', 'keys:roll_self'];
    const roll = async (key: string) =>
      (await shop.api.post('/v1/api_keys/roll', key, { overlap_seconds: 0 })).body.successor;
    for (const [rule, code] of [
      ['revoke', 'revoked_api_key'],
      ['disable', 'disabled_api_key'],
    ] as const) {
      await rules({ on_leak_report: rule });
      const leaked = await shop.operator.mint(shop.organization, { permissions });
      const heir = await roll((await roll(leaked.key)).key);
      assert.equal((await report([found(leaked.key)])).status, 200);
      await eventually(async () => {
        const { body } = await shop.api.get('/v1/payments', heir.key);
        return body.code === code ? true : undefined;
      }, code);
    }
    await rules({});
    const leaked = await shop.operator.mint(shop.organization, { permissions });
    const rotated = await shop.operator.call('POST', `/operator/api_keys/${leaked.id}/rotate`, {});
    const { id, key } = rotated['successor'] as { id: string; key: string };
    await report([found(leaked.key)]);
    assert.equal((await row(leaked.id)).revoked_reason, 'exposed');
    assert.equal((await row(id)).revoked_at, null);
    assert.equal((await shop.api.get('/v1/payments', key)).status, 200);
  });

  it('is believed only with the signature of a listed key on P-256 over these bytes', async () => {
    await rules({});
    const { id, key } = await shop.operator.mint(shop.organization);
    const alerts = [found(key)];
    const raw = JSON.stringify(alerts);
    const right = sign('sha256', Buffer.from(raw), scanner.privateKey).toString('base64');
    const answers = [
      await report(alerts, other.privateKey),
      await report(alerts, scanner.privateKey, 'unknown'),
      await report(alerts, onP384.privateKey, 'p384'),
      await send(`${raw} `, { identifier: 'current', signature: right }),
      await send(raw, { identifier: 'current', signature: '' }),
      await shop.api.call('POST', '/v1/secret_scanning/alerts', { body: alerts }),
    ];
    for (const answer of answers) {
      assert.equal(answer.status, 401, answer.text);
      assert.equal(answer.body.code, 'alert_signature_refused');
    }
    assert.equal((await row(id)).exposed_at, null);
    assert.equal((await send(raw, { identifier: 'current', signature: right })).status, 200);
    assert.equal((await row(id)).revoked_reason, 'exposed');
  });

  it('is not stopped by what its places are called, and writes down no secret', async () => {
    await rules({});
    const [first, second, third] = await Promise.all(
      ['a', 'b', 'c'].map((name) => shop.operator.mint(shop.organization, { name })),
    );
    assert.ok(first && second && third);
    const at = (token: string, place: string) => ({ ...found(token), url: `https://x/${place}` });
    const answer = await report([
      at(first.key, '4242424242424242/a'),
      at(second.key, third.key),
      { token: second.key },
    ]);
    assert.equal(answer.status, 200, answer.text);
    for (const { id } of [first, second]) {
      assert.equal((await row(id)).revoked_reason, 'exposed');
      assert.equal((await row(id)).exposed_where, null);
    }
    assert.equal((await row(third.id)).exposed_at, null);
  });

  it('ends no publishable key, which lies in the open by what it is for', async () => {
    await rules({});
    const page = await shop.operator.mint(shop.organization, { kind: 'publishable' });
    const answer = await report([found(page.key)]);
    assert.equal(answer.body[0].label, 'false_positive');
    assert.equal((await row(page.id)).exposed_at, null);
  });

  it('is told once, however often one key is in it, whatever was known before', async () => {
    await rules({ on_leak_report: 'flag' });
    const { id, key } = await shop.operator.mint(shop.organization);
    await shop.api.call('GET', '/v1/payments', { key, headers: { origin: 'https://a.example' } });
    assert.equal((await exposed(id)).exposed_how, 'browser');
    for (const _ of [1, 2]) await report(Array(20).fill(found(key)));
    assert.equal((await row(id)).exposed_how, 'leak_report');
    const { rows } = await db.query(
      "SELECT count(*)::int AS count FROM events WHERE object_id = $1 AND type = 'api_key.exposed'",
      [id],
    );
    assert.equal(rows[0].count, 2);
  });

  it('of a stranger is not parsed: nobody waits for what he sends', async () => {
    const broken = '['.repeat(1000);
    const answer = await send(broken, { identifier: 'current', signature: 'AAAA' });
    assert.equal(answer.body.code, 'alert_signature_refused');
    const right = sign('sha256', Buffer.from(broken), scanner.privateKey).toString('base64');
    const signed = await send(broken, { identifier: 'current', signature: right });
    assert.equal(signed.status, 400, signed.text);
  });

  it('ends keys in whatever organization and mode, and leaves all others alone', async () => {
    const elsewhere = await shop.operator.createOrganization('Elsewhere');
    const live = await shop.operator.mint(elsewhere, { mode: 'live' });
    const beside = await shop.operator.mint(elsewhere, { mode: 'live' });
    await report([found(live.key)]);
    assert.notEqual((await row(live.id)).revoked_at, null);
    assert.equal((await row(beside.id)).revoked_at, null);
    const { rows } = await db.query(
      `SELECT organization_id, actor_id FROM audit_log
       WHERE object_id = $1 AND action = 'api_key.expose'`,
      [live.id],
    );
    assert.deepEqual(rows, [{ organization_id: elsewhere, actor_id: 'secret_scanning' }]);
  });
});

describe('the owner of an exposed key', () => {
  it('sees it in the log of changes', async () => {
    const audit = await owner.call('GET', '/v1/audit_log?action=api_key.expose', { mode: 'test' });
    assert.ok(audit.body.data.length > 0, audit.text);
    assert.ok(!audit.text.includes('payos_sk_'));
  });
});
