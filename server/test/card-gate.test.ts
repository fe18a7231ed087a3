import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:https';
import { after, before, describe, it } from 'node:test';
import type { Permission } from 'payos-contract';
import pg from 'pg';
import type { Answer } from '../../tools/harness/api-client.ts';
import { databaseUrl } from '../../tools/harness/cluster.ts';
import { type Person, signedIn } from '../../tools/harness/people.ts';
import { tellOfGateEnds } from '../src/card-gate/index.ts';
import { systemContext } from '../src/core/context.ts';
import { openDatabase } from '../src/core/db.ts';
import { createLog } from '../src/core/log.ts';
import { Sealer } from '../src/core/seal.ts';
import { type Office, openOffice } from './office.ts';

const sealingKey = Buffer.alloc(32, 7).toString('base64');
const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();
let office: Office;
/** Asks, and may approve as well. */
let asker: Person;
let approver: Person;
before(async () => {
  office = await openOffice(
    {
      PAYOS_SEALING_KEY: sealingKey,
      PAYOS_ALLOW_KEYRING_FILE_IN_LIVE: 'yes, and I accept that the disk holds the root key',
    },
    ['server', 'vault'],
  );
  asker = await office.join('owner', { email: 'boss@shop.example' });
  approver = await office.join('security_officer', { email: 'officer@shop.example' });
});
after(async () => office?.stop());

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
