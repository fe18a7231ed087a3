import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  calculateJwkThumbprint,
  compactDecrypt,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
} from 'jose';
import type { Mode, Permission } from 'payos-contract';
import pg from 'pg';
import type { Answer } from '../../tools/harness/api-client.ts';
import { databaseUrl } from '../../tools/harness/cluster.ts';
import { type Person, signedIn } from '../../tools/harness/people.ts';
import { tellOfGateEnds } from '../src/card-gate/index.ts';
import { systemContext } from '../src/core/context.ts';
import { openDatabase } from '../src/core/db.ts';
import { createLog } from '../src/core/log.ts';
import { newId } from '../src/core/random.ts';
import { Sealer } from '../src/core/seal.ts';
import { type Office, openOffice } from './office.ts';
import { eventually } from './shop.ts';

const sealingKey = Buffer.alloc(32, 7).toString('base64');
const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();
let office: Office;
let vaultDb: pg.Client;
const pairs = {
  ec: await makePair('ECDH-ES+A256KW'),
  rsa: await makePair('RSA-OAEP-256'),
};
/** Asks, and may approve as well. */
let asker: Person;
let approver: Person;
before(async () => {
  office = await openOffice(
    {
      PAYOS_SEALING_KEY: sealingKey,
      PAYOS_VAULT_REVEAL_KEYS: pairs.ec.thumbprint,
      PAYOS_ALLOW_KEYRING_FILE_IN_LIVE: 'yes, and I accept that the disk holds the root key',
    },
    ['server', 'vault'],
  );
  vaultDb = await office.connect('vault');
  asker = await office.join('owner', { email: 'boss@shop.example' });
  approver = await office.join('security_officer', { email: 'officer@shop.example' });
});
after(async () => {
  await vaultDb?.end();
  await office?.stop();
});

const attestation = (more: object = {}) => ({
  level: 'saq_d_merchant',
  assessor: 'Ada Lovelace, Assessors Ltd',
  document_sha256: 'ab'.repeat(32),
  valid_until: inDays(200),
  scopes: { raw_cards: true, reveal: true },
  ...more,
});
const ask = (more: object = {}, by = asker) =>
  by.post('/v1/card_gate/attestations', attestation(more));
const approve = ({ body }: Answer, by = approver) =>
  by.post(`/v1/card_gate/attestations/${body.id}/approve`);
const close = (by = approver) => by.post('/v1/card_gate/close', { reason: 'Told to' });
async function open(more: object = {}): Promise<string> {
  const opened = await approve(await ask(more));
  assert.equal(opened.status, 200, opened.text);
  return opened.body.id;
}
function refused(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code, answer.text);
}

const pathOf = ({ body }: Answer) => `/v1/card_gate/attestations/${body.id}`;
/** As the role the server works with. */
async function asApp(sql: string): Promise<unknown> {
  const { cluster, databases } = office;
  const url = databaseUrl(cluster, 'payos_app', databases.control);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(sql).finally(() => client.end());
}

const permissions: Permission[] = ['tokens:create', 'cards:create_raw'];
const mint = (more: object = {}): ReturnType<typeof office.operator.mint> =>
  office.operator.mint(office.organization, {
    mode: 'live',
    permissions,
    ip_ranges: ['127.0.0.0/8'],
    ...more,
  });
const card = { number: '4242424242424242', exp_month: 12, exp_year: 2040, cvc: '731' };
const tokenize = (key: string, headers: Record<string, string> = {}) =>
  office.vault.call('POST', '/v1/tokens', { key, headers, body: { type: 'card', card } });

describe('the gate', () => {
  it('is closed until another person approves what one asked for', async () => {
    const asked = await ask();
    assert.equal(asked.status, 201, asked.text);
    const before = await approver.get('/v1/card_gate');
    assert.deepEqual(before.body.scopes, { raw_cards: false, reveal: false });
    assert.equal(before.body.requested.id, asked.body.id);
    const opened = await approve(asked);
    assert.equal(opened.body.status, 'open', opened.text);
    const after = await asker.get('/v1/card_gate');
    assert.deepEqual(after.body.scopes, { raw_cards: true, reveal: true });
    assert.equal(after.body.open.decided_by, approver.member);
    const test = await asker.get('/v1/card_gate', 'test');
    assert.equal(test.body.open, null, 'the other mode stays closed');
    const seen = await asker.get('/v1/audit_log?action=card_gate.approve');
    assert.equal(seen.body.data[0].object_id, asked.body.id);
    const letter = await office.rows(
      `SELECT count(*)::int AS mails FROM mails WHERE template = 'card_gate'`,
    );
    assert.equal(letter[0].mails, 4, 'both who may decide hear of the request and of the opening');
  });

  it('is not opened by who asked, whatever else they may do', async () => {
    const asked = await ask();
    refused(await approve(asked, asker), 409, 'own_request');
    const { body } = await asker.get('/v1/card_gate');
    assert.equal(body.requested.status, 'requested');
    refused(await approve(asked, await office.join('developer')), 403, 'permission_denied');
    refused(await ask(), 409, 'gate_request_pending');
    assert.equal((await approver.post(`${pathOf(asked)}/reject`)).body.status, 'rejected');
    refused(await approve(asked), 409, 'decided_already');
  });

  it('is not opened by the database role for one person alone', async () => {
    const asked = await ask();
    const set = (member: string, account: string) =>
      asApp(
        `UPDATE card_gate_attestations SET status = 'approved', decided_at = now(),
           decided_by = '${member}', decided_by_account = '${account}'
         WHERE id = '${asked.body.id}'`,
      );
    await assert.rejects(set(asker.member, asker.account), /card_gate_two_people/);
    await assert.rejects(set(asker.member, approver.account), /foreign key/);
    await assert.rejects(
      asApp(`UPDATE card_gate_attestations SET valid_until = now() + interval '1 year'`),
      /permission denied/,
    );
    await close();
    await assert.rejects(set(approver.member, approver.account), /not a step/);
  });

  it('closes at a word of one person, and what was asked for goes with it', async () => {
    await open();
    const later = await ask();
    const closed = await close(await office.join('developer'));
    assert.deepEqual([closed.body.open, closed.body.requested], [null, null], closed.text);
    refused(await approve(later), 409, 'decided_already');
    const { body } = await asker.get('/v1/card_gate/attestations');
    assert.equal(body.data[0].closed_reason, 'Told to');
  });

  it('lets the one approved last count, from when its time comes', async () => {
    const first = await open();
    const second = await open({ scopes: { raw_cards: true, reveal: false } });
    const both = await asker.get('/v1/card_gate');
    assert.equal(both.body.open.id, second);
    assert.equal(both.body.scopes.reveal, false);
    const third = await open({ valid_from: inDays(30) });
    const { body } = await asker.get('/v1/card_gate/attestations');
    const statusOf = (id: string) => body.data.find((one: { id: string }) => one.id === id).status;
    assert.deepEqual([first, second, third].map(statusOf), ['replaced', 'open', 'scheduled']);
    await close();
  });

  it('takes a year at most, nothing that is over, and nothing that opens nothing', async () => {
    for (const wrong of [
      { valid_until: inDays(367) },
      { valid_until: inDays(-1) },
      { valid_from: inDays(91), valid_until: inDays(100) },
      { scopes: { raw_cards: false, reveal: false } },
      { limits: { key_per_hour: 200 } },
      { document_sha256: 'the document' },
    ]) {
      refused(await ask(wrong), 400, 'invalid_request');
    }
  });

  it('is not found by another organization', async () => {
    const asked = await ask();
    const roles = { test: 'owner', live: 'owner' };
    const organization = office.stranger;
    const other = await signedIn(office.api, office.db, { organization, roles });
    refused(await approve(asked, other), 404, 'not_found');
    assert.equal((await other.get('/v1/card_gate')).body.requested, null);
    await close();
  });
});

describe('card numbers from a server in live mode', () => {
  it('need the gate, a permission of their own and a key bound to addresses', async () => {
    const good = await mint();
    refused(await tokenize(good.key), 403, 'card_gate_closed');
    await open();
    assert.equal((await tokenize(good.key)).status, 201);
    const plain = await mint({ permissions: ['tokens:create'] });
    refused(await tokenize(plain.key), 403, 'permission_denied');
    for (const ip_ranges of [[], ['0.0.0.0/0'], ['127.0.0.1/32', '::/0']]) {
      refused(await tokenize((await mint({ ip_ranges })).key), 403, 'ip_list_required');
    }
    await close();
    refused(await tokenize(good.key), 403, 'card_gate_closed');
  });

  it('are refused from the millisecond at which the attestation ends', async () => {
    const { key } = await mint();
    const endsAt = Date.now() + 2_500;
    await open({ valid_until: new Date(endsAt).toISOString() });
    assert.equal((await tokenize(key)).status, 201);
    for (let startedAt = 0; startedAt < endsAt; ) {
      startedAt = Date.now();
      const { status, body } = await tokenize(key);
      if (startedAt >= endsAt) assert.deepEqual([status, body.code], [403, 'card_gate_closed']);
    }
    const { body } = await asker.get('/v1/card_gate/attestations');
    assert.equal(body.data[0].status, 'expired');
  });

  it('are refused when the gate closes while they are on their way', async () => {
    const { key } = await mint();
    await open();
    const text = JSON.stringify({ type: 'card', card });
    const slow = request(`${office.vault.origin}/v1/tokens`, {
      method: 'POST',
      ca: office.ca,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'content-length': text.length,
      },
    });
    const answered = once(slow, 'response');
    slow.write(text.slice(0, 20));
    assert.equal((await tokenize(key)).status, 201);
    await close();
    slow.end(text.slice(20));
    const [response] = await answered;
    assert.equal(response.statusCode, 403);
  });

  it('come from the secure fields alone with a publishable key', async () => {
    const { key } = await mint({
      kind: 'publishable',
      permissions: ['tokens:create'],
      ip_ranges: [],
    });
    refused(await tokenize(key), 403, 'fields_required');
    refused(await tokenize(key, { origin: 'https://shop.example' }), 403, 'fields_required');
    const framed = { origin: office.vault.origin, 'sec-fetch-site': 'cross-site' };
    refused(await tokenize(key, framed), 403, 'fields_required');
    const fields = { ...framed, 'sec-fetch-site': 'same-origin' };
    assert.equal((await tokenize(key, fields)).status, 201);
  });

  it('are taken in test mode as before', async () => {
    const { key } = await office.operator.mint(office.organization);
    assert.equal((await tokenize(key)).status, 201);
  });
});

type Pair = Awaited<ReturnType<typeof makePair>>;
async function makePair(alg: 'RSA-OAEP-256' | 'ECDH-ES+A256KW', modulusLength = 3072) {
  const pair = await generateKeyPair(alg, { crv: 'P-256', modulusLength, extractable: true });
  const { alg: _alg, ext: _ext, key_ops: _ops, ...jwk } = await exportJWK(pair.publicKey);
  return { ...pair, jwk, thumbprint: await calculateJwkThumbprint(jwk) };
}
async function register({ jwk }: Pair, mode: Mode = 'test'): Promise<string> {
  const body = { name: 'Safe of finance', public_key: jwk };
  const made = await asker.call('POST', '/v1/reveal_keys', { body, mode });
  assert.equal(made.status, 201, made.text);
  const path = `/v1/reveal_keys/${made.body.id}/approve`;
  const approved = await approver.call('POST', path, { body: {}, mode });
  assert.equal(approved.body.status, 'approved', approved.text);
  return made.body.id;
}
async function openFor(mode: Mode, limits: object = {}): Promise<void> {
  const path = '/v1/card_gate/attestations';
  const asked = await asker.call('POST', path, { body: attestation({ limits }), mode });
  await approver.call('POST', `${pathOf(asked)}/approve`, { body: {}, mode });
}
/** A saved card. Made in the database: a payment that saves one needs all processes. */
async function saveCard(key: string, number = card.number): Promise<string> {
  const made = await office.vault.call('POST', '/v1/tokens', {
    key,
    body: { type: 'card', card: { ...card, number, name: 'Ada Lovelace' } },
  });
  assert.equal(made.status, 201, made.text);
  await vaultDb.query('UPDATE tokens SET single_use = false, expires_at = NULL WHERE id = $1', [
    made.body.id,
  ]);
  return made.body.id;
}
const reveal = (key: string, body: object, headers: Record<string, string> = {}) =>
  office.vault.call('POST', '/v1/reveals', {
    key,
    headers,
    body: { reason: { code: 'dispute', text: 'Case 17' }, ...body },
  });
const mintReader = (more: object = {}) =>
  mint({ mode: 'test', permissions: ['tokens:create', 'cards:reveal'], ...more });

describe('a stored card', () => {
  let recipient: string;
  let key: string;
  let token: string;
  before(async () => {
    recipient = await register(pairs.ec);
    ({ key } = await mintReader());
    token = await saveCard(key);
  });

  it('is revealed to the holder of a registered key alone, for all to see', async () => {
    refused(await reveal(key, { token, recipient }), 403, 'card_gate_closed');
    await openFor('test');
    const rsa = await register(pairs.rsa);
    for (const [to, { privateKey }] of [
      [recipient, pairs.ec],
      [rsa, pairs.rsa],
    ] as const) {
      const answer = await reveal(key, { token, recipient: to });
      assert.equal(answer.status, 201, answer.text);
      const { plaintext, protectedHeader } = await compactDecrypt(answer.body.jwe, privateKey);
      assert.equal(protectedHeader.kid, to);
      assert.equal(plaintext.length, 512);
      const opened = JSON.parse(Buffer.from(plaintext).toString());
      assert.deepEqual(opened, {
        object: 'card',
        token,
        reveal: answer.body.id,
        organization: office.organization,
        mode: 'test',
        number: card.number,
        exp_month: 12,
        exp_year: 2040,
        name: 'Ada Lovelace',
      });
      assert.ok(!answer.text.includes(card.number));
    }
    const seen = await approver.get('/v1/reveals', 'test');
    assert.equal(seen.body.data.length, 2);
    assert.deepEqual(seen.body.data[0].reason, { code: 'dispute', text: 'Case 17' });
    const events = await office.rows(`SELECT data FROM events WHERE type = 'card.revealed'`);
    assert.equal(events.length, 2);
    const audited = await vaultDb.query(`SELECT FROM audit_log WHERE action = 'card.reveal'`);
    assert.equal(audited.rowCount, 2);
    for (const name of ['server', 'vault'] as const) {
      const log = readFileSync(join(office.directory, `${name}.log`), 'utf8');
      assert.ok(!log.includes(card.number) && !log.includes('Case 17'));
    }
  });

  it('is opened by the example in the guide', async () => {
    const to = (await approver.get('/v1/reveal_keys', 'test')).body.data[0].id;
    const answer = await reveal(key, { token, recipient: to });
    const file = join(office.directory, 'private-key.pem');
    writeFileSync(file, await exportPKCS8(pairs.rsa.privateKey), { mode: 0o600 });
    const script = join(import.meta.dirname, '../../docs/examples/open-card.mjs');
    const said = spawnSync(process.execPath, [script, file], { input: answer.text });
    assert.equal(JSON.parse(said.stdout.toString()).number, card.number, said.stderr.toString());
    const none = await reveal(key, { token: newId('token'), recipient: to });
    const told = spawnSync(process.execPath, [script, file], { input: none.text });
    assert.equal(told.status, 1);
    assert.match(told.stderr.toString(), /^not_found: /);
  });

  it('is named by the id of its payment method, too', async () => {
    const id = newId('paymentMethod');
    const customer = newId('customer');
    await office.rows(`INSERT INTO customers (organization_id, id, mode) VALUES ($1, $2, 'test')`, [
      office.organization,
      customer,
    ]);
    await office.rows(
      `INSERT INTO payment_methods (organization_id, id, mode, customer_id, token_id, card)
       VALUES ($1, $2, 'test', $3, $4, '{}')`,
      [office.organization, id, customer, token],
    );
    const answer = await reveal(key, { payment_method: id, recipient });
    assert.equal(answer.body.token, token, answer.text);
    refused(await reveal(key, { payment_method: id, token, recipient }), 400, 'invalid_request');
    const unknown = newId('paymentMethod');
    refused(await reveal(key, { payment_method: unknown, recipient }), 404, 'not_found');

    const bound = await mintReader({ customers: [customer] });
    const own = await reveal(bound.key, { payment_method: id, recipient });
    assert.equal(own.status, 201, own.text);
    const others = await saveCard(key);
    refused(await reveal(bound.key, { token: others, recipient }), 403, 'permission_denied');
  });

  it('is not revealed to other keys', async () => {
    const plain = await mintReader({ permissions: ['tokens:create', 'payments:read'] });
    refused(await reveal(plain.key, { token, recipient }), 403, 'permission_denied');
    const open = await mintReader({ ip_ranges: ['0.0.0.0/1'] });
    refused(await reveal(open.key, { token, recipient }), 403, 'ip_list_required');
    const page = await mintReader({
      kind: 'publishable',
      permissions: ['tokens:create'],
      ip_ranges: [],
    });
    refused(await reveal(page.key, { token, recipient }), 403, 'permission_denied');
    const usual = await office.operator.mint(office.organization);
    assert.ok(!usual.permissions.some((name) => name.startsWith('cards:')));
  });

  it('is a 404 of one shape when it is another`s, single-use or gone', async () => {
    const foreign = await office.operator.mint(office.stranger);
    const [theirs, gone] = [await saveCard(foreign.key), await saveCard(key)];
    await vaultDb.query(
      `UPDATE tokens SET shredded_at = now(), deleted_at = now(), fingerprint = NULL WHERE id = $1`,
      [gone],
    );
    const once = (await tokenize(key)).body.id;
    const others = await saveCard(key);
    // The fingerprint stays in test mode, which nothing looks at here.
    await vaultDb.query(`SET session_replication_role = replica;
      UPDATE tokens SET mode = 'live' WHERE id = '${others}'; RESET session_replication_role`);
    const shapes = new Set<string>();
    for (const one of [theirs, gone, once, others, `tok_${'1'.repeat(22)}`]) {
      const answer = await reveal(key, { token: one, recipient });
      refused(answer, 404, 'not_found');
      const { request_id: _id, ...rest } = answer.body;
      shapes.add(JSON.stringify([rest, Object.keys(answer.headers)]));
    }
    assert.equal(shapes.size, 1);
  });

  it('is never repeated by an Idempotency-Key, and no reason holds a card number', async () => {
    const again = await reveal(key, { token, recipient }, { 'idempotency-key': 'again' });
    refused(again, 400, 'idempotency_not_supported');
    const reason = { code: 'other', text: `about ${card.number}` };
    const answer = await reveal(key, { token, recipient, reason });
    refused(answer, 422, 'card_data_refused');
    assert.equal(answer.body.param, 'reason.text');
  });

  it('is revealed no more often than may be, however many ask at once', async () => {
    await openFor('test', { key_per_hour: 4, key_per_day: 8, all_per_hour: 100 });
    await vaultDb.query('DELETE FROM reveals');
    const ask = (by: string) => reveal(by, { token, recipient });
    // All of them come to the count before any has counted.
    const holder = await office.connect('vault');
    await holder.query('BEGIN; LOCK TABLE reveals IN ACCESS EXCLUSIVE MODE');
    const asking = Promise.all(Array.from({ length: 12 }, () => ask(key)));
    await eventually(async () => {
      const { rowCount } = await vaultDb.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return (rowCount ?? 0) > 4 ? true : undefined;
    }, 'many tries at once');
    await holder.query('COMMIT');
    await holder.end();
    const answers = await asking;
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [201, 201, 201, 201, ...Array(8).fill(429)]);
    const late = answers.find(({ status }) => status === 429);
    assert.equal(late?.body.code, 'reveal_limit_exceeded');
    assert.ok(Number(late?.headers['retry-after']) > 3_500);
    const second = (await mintReader()).key;
    assert.equal((await ask(second)).status, 201, 'another key has a count of its own');
    await openFor('test', { all_per_hour: 5 });
    refused(await ask((await mintReader()).key), 429, 'reveal_limit_exceeded');
    await vaultDb.query(`UPDATE reveals SET at = at - interval '2 hours'`);
    assert.equal((await ask(key)).status, 201);
    await openFor('test', { key_per_hour: 1, key_per_day: 5 });
    await vaultDb.query(`UPDATE reveals SET at = at - interval '2 hours'`);
    refused(await ask(key), 429, 'reveal_limit_exceeded');
    await vaultDb.query('DELETE FROM reveals');
    await openFor('test');
  });

  it('stays where it is when the gate is closed, whatever the vault remembers', async () => {
    assert.equal((await reveal(key, { token, recipient })).status, 201);
    // Without a word to anybody.
    await office.rows(
      `UPDATE card_gate_attestations SET status = 'closed', closed_cause = 'person',
         closed_at = now()
       WHERE mode = 'test' AND status = 'approved'`,
    );
    refused(await reveal(key, { token, recipient }), 403, 'card_gate_closed');
    await openFor('test');
    await office.rows(`UPDATE reveal_keys SET status = 'removed', removed_at = now(),
      removed_by = requested_by WHERE thumbprint = '${pairs.rsa.thumbprint}'`);
  });

  it('is sealed to no key that one person registered alone, or that was removed', async () => {
    const other = await makePair('ECDH-ES+A256KW');
    const body = { name: 'Mine', public_key: other.jwk };
    const made = await asker.call('POST', '/v1/reveal_keys', { body, mode: 'test' });
    const { id } = made.body;
    refused(await reveal(key, { token, recipient: id }), 403, 'reveal_key_unusable');
    const own = await asker.call('POST', `/v1/reveal_keys/${id}/approve`, {
      body: {},
      mode: 'test',
    });
    refused(own, 409, 'own_request');
    await assert.rejects(
      asApp(`UPDATE reveal_keys SET status = 'approved', decided_at = now(), decided_by =
        '${asker.member}', decided_by_account = '${asker.account}' WHERE id = '${id}'`),
      /reveal_keys_two_people/,
    );
    await asker.call('DELETE', `/v1/reveal_keys/${recipient}`, { mode: 'test' });
    refused(await reveal(key, { token, recipient }), 403, 'reveal_key_unusable');
    recipient = await register(pairs.ec);
  });

  it('is not sealed to another key unseen by those who may decide', async () => {
    const lettersOf = ({ email }: Person) =>
      office.rows(`SELECT FROM mails WHERE template = 'reveal_key' AND recipient = $1`, [email]);
    const before = (await lettersOf(approver)).length;
    const pair = await makePair('ECDH-ES+A256KW');
    for (const mode of ['test', 'live'] as const) await register(pair, mode);
    assert.equal((await lettersOf(approver)).length, before + 2, 'in live mode only');
  });

  it('is sealed to no weak key, and no private key is taken', async () => {
    const weak = await makePair('RSA-OAEP-256', 2048);
    const secret = await exportJWK(pairs.ec.privateKey);
    const { alg: _alg, ext: _ext, key_ops: _ops, ...all } = secret;
    for (const public_key of [weak.jwk, all, { ...pairs.ec.jwk, x: pairs.ec.jwk.y }]) {
      refused(
        await asker.post('/v1/reveal_keys', { name: 'x', public_key }),
        400,
        'invalid_request',
      );
    }
  });

  it('in live mode needs a key that the vault`s operator has named, too', async () => {
    const { key: reader } = await mintReader({
      mode: 'live',
      permissions: ['tokens:create', 'cards:create_raw', 'cards:reveal'],
    });
    await openFor('live');
    const live = await saveCard(reader);
    const unnamed = await register(pairs.rsa, 'live');
    refused(await reveal(reader, { token: live, recipient: unnamed }), 403, 'reveal_key_unusable');
    const named = await register(pairs.ec, 'live');
    const answer = await reveal(reader, { token: live, recipient: named });
    assert.equal(answer.status, 201, answer.text);
    await close();
    refused(await reveal(reader, { token: live, recipient: named }), 403, 'card_gate_closed');
  });
});

describe('an attestation near its end', () => {
  it('is told of 30, 14, 7 and 1 days before, and when it has ended, each once', async () => {
    const id = await open();
    const { cluster, databases } = office;
    const db = openDatabase({
      writeUrl: databaseUrl(cluster, 'payos_app', databases.control),
      readUrl: databaseUrl(cluster, 'payos_read', databases.control),
      pool: 5,
      name: 'test',
      log: createLog('fatal', 'test'),
      indexesOnly: true,
    });
    try {
      const ctx = systemContext({ db, log: createLog('fatal', 'test') }, 'worker');
      for (const left of [31, 29, 13, 13, 6, 0.5, -0.1]) {
        await office.rows(
          `UPDATE card_gate_attestations SET valid_until = now() + $2 * interval '1 day',
             valid_from = now() - interval '60 days', decided_at = now() - interval '60 days'
           WHERE id = $1`,
          [id, left],
        );
        // What several workers do at the same time.
        await Promise.all([1, 2].map(() => tellOfGateEnds(ctx, new Sealer(sealingKey))));
      }
    } finally {
      await db.close();
    }
    const told = await office.rows(
      'SELECT type FROM events WHERE object_id = $1 ORDER BY sequence',
      [id],
    );
    assert.deepEqual(
      told.map(({ type }) => type.slice('card_gate.'.length)),
      ['requested', 'opened', 'expiring', 'expiring', 'expiring', 'expiring', 'expired'],
    );
  });
});
