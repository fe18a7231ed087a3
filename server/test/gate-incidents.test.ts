import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import type { Mode, Permission } from 'payos-contract';
import type { Answer } from '../../tools/harness/api-client.ts';
import { databaseUrl } from '../../tools/harness/cluster.ts';
import { type Person, signedIn } from '../../tools/harness/people.ts';
import { cardDataRoutes, tellOfFindings } from '../src/card-data/index.ts';
import { noteRefusal } from '../src/card-gate/note-refusal.ts';
import type { CardDataFound } from '../src/core/card-data.ts';
import { systemContext } from '../src/core/context.ts';
import { openDatabase } from '../src/core/db.ts';
import { createLog } from '../src/core/log.ts';
import { Sealer } from '../src/core/seal.ts';
import { type Office, openOffice } from './office.ts';
import { eventually } from './shop.ts';

const scanner = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const listed = {
  public_keys: [
    {
      key_identifier: 'current',
      key: scanner.publicKey.export({ type: 'spki', format: 'pem' }),
      is_current: true,
    },
  ],
};

let office: Office;
let asker: Person;
let approver: Person;
let theirs: Person;
let recipient: string;
before(async () => {
  office = await openOffice(
    {
      PAYOS_SECRET_SCANNING_KEYS: JSON.stringify(listed),
      PAYOS_ALLOW_KEYRING_FILE_IN_LIVE: 'yes, and I accept that the disk holds the root key',
    },
    ['server', 'vault'],
  );
  asker = await office.join('owner', { email: 'boss@shop.example' });
  approver = await office.join('security_officer', { email: 'officer@shop.example' });
  const roles = { test: 'owner', live: 'owner' };
  theirs = await signedIn(office.api, office.db, { organization: office.stranger, roles });
  const { publicKey } = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256' });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  const body = { name: 'Safe of finance', public_key: { kty, crv, x, y } };
  const made = await asker.call('POST', '/v1/reveal_keys', { body, mode: 'test' });
  recipient = made.body.id;
  const path = `/v1/reveal_keys/${recipient}/approve`;
  const approved = await approver.call('POST', path, { body: {}, mode: 'test' });
  assert.equal(approved.status, 200, approved.text);
});
after(async () => office?.stop());
beforeEach(async () => {
  // What an earlier test left exposed must not stand in the way of opening.
  await office.rows(`UPDATE api_keys SET revoked_at = now(), revoked_reason = 'exposed'
    WHERE exposed_at IS NOT NULL AND revoked_at IS NULL`);
});

const ask = (mode: Mode, by = asker, limits: object = {}) =>
  by.call('POST', '/v1/card_gate/attestations', {
    mode,
    body: {
      level: 'saq_d_merchant',
      assessor: 'Ada Lovelace, Assessors Ltd',
      document_sha256: 'ab'.repeat(32),
      valid_until: new Date(Date.now() + 200 * 86_400_000).toISOString(),
      scopes: { raw_cards: true, reveal: true },
      limits,
    },
  });
const approve = (asked: Answer, mode: Mode) =>
  approver.call('POST', `/v1/card_gate/attestations/${asked.body.id}/approve`, { body: {}, mode });
async function open(mode: Mode, limits: object = {}): Promise<string> {
  const opened = await approve(await ask(mode, asker, limits), mode);
  assert.equal(opened.status, 200, opened.text);
  return opened.body.id;
}
const gate = async (mode: Mode) => (await approver.get('/v1/card_gate', mode)).body;
const isOpen = async (mode: Mode) => (await gate(mode)).open !== null;
const mint = (more: object = {}, organization = office.organization) =>
  office.operator.mint(organization, {
    mode: 'live',
    permissions: ['tokens:create', 'cards:create_raw'] as Permission[],
    ip_ranges: ['127.0.0.0/8'],
    ...more,
  });
const reader = (more: object = {}, organization = office.organization) =>
  mint({ mode: 'test', permissions: ['tokens:create', 'cards:reveal'], ...more }, organization);
const card = { number: '4242424242424242', exp_month: 12, exp_year: 2040, cvc: '731' };
const tokenize = (key: string) =>
  office.vault.call('POST', '/v1/tokens', { key, body: { type: 'card', card } });
const noCard = `tok_${'1'.repeat(22)}`;
const reveal = (key: string, more: object = {}) =>
  office.vault.call('POST', '/v1/reveals', {
    key,
    body: { token: noCard, recipient, reason: { code: 'dispute', text: 'Case 17' }, ...more },
  });
const times = <T>(count: number, work: () => Promise<T>) =>
  Promise.all(Array.from({ length: count }, () => work()));

async function reportLeak(...keys: string[]): Promise<void> {
  const raw = JSON.stringify(keys.map((token) => ({ token, type: 'payos_secret_key', url: '' })));
  const signature = sign('sha256', Buffer.from(raw), scanner.privateKey).toString('base64');
  const { status, text } = await office.api.call('POST', '/v1/secret_scanning/alerts', {
    raw,
    headers: {
      'github-public-key-identifier': 'current',
      'github-public-key-signature': signature,
    },
  });
  assert.equal(status, 200, text);
}
const onLeak = (outcome: string) =>
  office.rows(
    `INSERT INTO api_key_policies (organization_id, mode, max_age_days, on_overdue,
       require_ip_ranges, one_service_per_key, on_plain_http, on_leak_report)
     SELECT $1, mode, 90, 'warn', false, false, 'flag', $2
     FROM unnest(ARRAY['test', 'live']) AS mode
     ON CONFLICT (organization_id, mode) DO UPDATE SET on_leak_report = excluded.on_leak_report`,
    [office.organization, outcome],
  );

describe('a key that handles cards and lies open', () => {
  it('closes the gate of its mode, once, and everybody who decides hears why', async () => {
    await onLeak('revoke');
    const { key, id: keyId } = await mint();
    const other = await mint();
    await open('test');
    const id = await open('live');
    assert.equal((await tokenize(other.key)).status, 201);
    const mailsBefore = await closings();
    await reportLeak(key);
    assert.equal((await tokenize(other.key)).body.code, 'card_gate_closed');
    await reportLeak(key);
    const { closed, open: none } = await gate('live');
    assert.equal(none, null);
    assert.deepEqual([closed.id, closed.closed_cause, closed.closed_by], [id, 'key_exposed', null]);
    assert.match(closed.closed_reason, new RegExp(keyId));
    assert.equal(await isOpen('test'), true, 'the other mode is as it was');
    assert.equal((await closings()) - mailsBefore, 2);
    const events = await office.rows(
      `SELECT data->>'closed_cause' AS cause FROM events
       WHERE object_id = $1 AND type = 'card_gate.closed'`,
      [id],
    );
    assert.deepEqual(events, [{ cause: 'key_exposed' }]);
    const { body } = await asker.get('/v1/audit_log?action=card_gate.close');
    assert.equal(body.data[0].object_id, id);
    assert.equal(body.data[0].details.cause, 'key_exposed');
    assert.equal(body.data[0].actor.id, 'secret_scanning', JSON.stringify(body.data[0]));
  });

  it('takes what waits for approval along, and opens anew by two people alone', async () => {
    await onLeak('revoke');
    const asked = await ask('live');
    await reportLeak((await mint()).key);
    assert.equal((await approve(asked, 'live')).body.code, 'decided_already');
    const again = await ask('live');
    const own = `/v1/card_gate/attestations/${again.body.id}/approve`;
    assert.equal((await asker.post(own)).body.code, 'own_request');
    assert.equal((await approve(again, 'live')).status, 200);
  });

  it('has to be revoked before the gate opens again', async () => {
    await onLeak('flag');
    await open('live');
    const { key, id } = await mint();
    await reportLeak(key);
    assert.equal(await isOpen('live'), false);
    const asked = await ask('live');
    const refused = await approve(asked, 'live');
    assert.equal(refused.body.code, 'card_key_exposed', refused.text);
    assert.match(refused.body.detail, new RegExp(id));
    assert.equal((await asker.post(`/v1/api_keys/${id}/revoke`)).status, 200);
    assert.equal((await approve(asked, 'live')).status, 200);
  });

  it('gets no card permissions afterwards, nor does who has had them get them back', async () => {
    await onLeak('flag');
    const plain = await mint({ permissions: ['tokens:create'], ip_ranges: ['127.0.0.0/8'] });
    const reading = await mint();
    await reportLeak(plain.key, reading.key);
    const put = (id: string, permissions: Permission[]) =>
      asker.call('PATCH', `/v1/api_keys/${id}`, { body: { permissions }, mode: 'live' });
    assert.equal((await put(reading.id, ['tokens:create'])).status, 200);
    if (!(await isOpen('live'))) await open('live');
    for (const { id } of [plain, reading]) {
      const refused = await put(id, ['tokens:create', 'cards:create_raw']);
      assert.equal(refused.body.code, 'card_key_exposed', refused.text);
      assert.equal((await put(id, ['tokens:create', 'payments:read'])).status, 200);
    }
  });

  it('is not got round by a key that it made of itself, before or after', async () => {
    await onLeak('flag');
    const permissions = ['tokens:create', 'cards:create_raw', 'keys:roll_self'] as Permission[];
    for (const overlap_seconds of [0, 60]) {
      const isBefore = overlap_seconds === 0;
      const { key, id } = await mint({ permissions });
      const roll = async () => {
        const rolled = await office.api.post('/v1/api_keys/roll', key, { overlap_seconds });
        assert.equal(rolled.status, 201, rolled.text);
        return rolled.body.successor.id as string;
      };
      const early = isBefore ? await roll() : undefined;
      if (!(await isOpen('live'))) await open('live');
      await reportLeak(key);
      assert.equal(await isOpen('live'), false, `rolled before: ${isBefore}`);
      const heir = early ?? (await roll());
      await asker.post(`/v1/api_keys/${id}/revoke`);
      const asked = await ask('live');
      const refused = await approve(asked, 'live');
      assert.equal(refused.body.code, 'card_key_exposed', refused.text);
      assert.match(refused.body.detail, new RegExp(heir));
      assert.equal((await asker.post(`/v1/api_keys/${heir}/revoke`)).status, 200);
      assert.equal((await approve(asked, 'live')).status, 200);
    }
  });

  it('closes nothing when it is of a stranger, cannot handle cards, or has ended', async () => {
    await onLeak('flag');
    const plain = await mint({ permissions: ['tokens:create', 'payments:read'] });
    const elsewhere = await mint({}, office.stranger);
    const inTest = await reader();
    const page = await mint({ kind: 'publishable', permissions: ['tokens:create'], ip_ranges: [] });
    const ended = await mint();
    await office.rows(
      `UPDATE api_keys SET revoked_at = now(), revoked_reason = 'requested' WHERE id = $1`,
      [ended.id],
    );
    if (!(await isOpen('live'))) await open('live');
    const forged = `${(await mint()).key.slice(0, -4)}AAAA`;
    await reportLeak(plain.key, elsewhere.key, inTest.key, page.key, ended.key, forged);
    assert.equal(await isOpen('live'), true);
  });

  async function closings(): Promise<number> {
    const [row] = await office.rows(
      `SELECT count(*)::int AS mails FROM mails WHERE template = 'card_gate'
         AND recipient IN ('boss@shop.example', 'officer@shop.example')`,
    );
    return row.mails;
  }
});

const counted = `SELECT r.key_id FROM reveal_refusals r JOIN card_gate_attestations a
    ON a.organization_id = r.organization_id AND a.id = r.attestation_id
  WHERE a.organization_id = $1 AND a.mode = 'test'`;

describe('tries to read cards that are refused', () => {
  it('close the gate at ten beyond the limits within an hour, also at once', async () => {
    const id = await open('test', { key_per_hour: 2, key_per_day: 2 });
    const { key } = await reader();
    const [one, other] = [await reveal(key), await reveal(key)];
    assert.deepEqual([one.status, other.status], [404, 404], one.text);
    const nine = await times(9, () => reveal(key));
    assert.ok(nine.every(({ body }) => body.code === 'reveal_limit_exceeded'));
    assert.equal(await isOpen('test'), true, 'nine');
    const more = await times(6, () => reveal(key));
    assert.ok(more.every(({ status }) => status > 400));
    const { closed } = await gate('test');
    assert.deepEqual([closed.id, closed.closed_cause], [id, 'reveal_limits']);
    assert.equal((await reveal(key)).body.code, 'card_gate_closed');
  });

  it('close it at twenty of any kind, and who opens it begins at nothing', async () => {
    await open('test', {
      key_per_hour: 1000,
      key_per_day: 1000,
      all_per_hour: 1000,
      all_per_day: 1000,
    });
    const keys = await times(4, reader);
    const away = await reader({ ip_ranges: ['10.0.0.0/8'] });
    const wrong = await times(5, () => reveal(away.key));
    assert.equal(wrong[0]?.body.code, 'ip_not_allowed');
    const unknown = { recipient: `rvk_${'1'.repeat(22)}` };
    for (const { key } of keys.slice(0, 2)) await times(5, () => reveal(key, unknown));
    await times(4, () => reveal(keys[2]?.key ?? ''));
    assert.equal(await isOpen('test'), true, 'nineteen');
    await reveal(keys[3]?.key ?? '');
    assert.equal((await gate('test')).closed?.closed_cause, 'reveal_refusals');
    await open('test');
    await reveal((await reader()).key);
    assert.equal(await isOpen('test'), true);
  });

  it('close nothing when those who ask could not read cards anyway', async () => {
    await office.rows('DELETE FROM reveal_refusals');
    if (!(await isOpen('test'))) await open('test');
    const others = [
      await mint({ mode: 'test', permissions: ['tokens:create'] }),
      await mint({
        mode: 'test',
        kind: 'publishable',
        permissions: ['tokens:create'],
        ip_ranges: [],
      }),
      await reader({}, office.stranger),
      await reader({ mode: 'live' }),
      { key: `${(await reader()).key.slice(0, -4)}AAAA` },
    ];
    for (const { key } of others) {
      const answers = await times(30, () => reveal(key));
      assert.ok(answers.every(({ status }) => status > 400));
    }
    assert.equal(await isOpen('test'), true);
    assert.deepEqual(await office.rows(counted, [office.organization]), []);
  });

  it('of another organization close its gate, not ours', async () => {
    if (!(await isOpen('test'))) await open('test');
    const officer = await signedIn(office.api, office.db, {
      organization: office.stranger,
      roles: { test: 'owner', live: 'owner' },
    });
    const asked = await ask('test', theirs);
    const path = `/v1/card_gate/attestations/${asked.body.id}/approve`;
    assert.equal((await officer.call('POST', path, { body: {}, mode: 'test' })).status, 200);
    for (let count = 0; count < 4; count += 1) {
      const { key } = await reader({}, office.stranger);
      await times(5, () => reveal(key));
    }
    assert.equal((await theirs.get('/v1/card_gate', 'test')).body.open, null);
    assert.equal(await isOpen('test'), true);
  });
});

describe('card numbers where none may be', () => {
  const found = (organization = office.organization) =>
    office.rows(
      `SELECT mode, stream, place, found, untold FROM card_data_findings
       WHERE organization_id = $1`,
      [organization],
    );
  const told = () =>
    office.rows(
      `SELECT mode, data FROM events WHERE organization_id = $1 AND type = 'card_data.found'`,
      [office.organization],
    );
  const keyOf = (mode: Mode, organization = office.organization) =>
    office.operator.mint(organization, {
      mode,
      permissions: ['customers:read', 'customers:write'],
    });
  async function customer(key: string, more: object = {}): Promise<string> {
    const made = await office.api.call('POST', '/v1/customers', { key, body: more });
    assert.equal(made.status, 201, made.text);
    return `/v1/customers/${made.body.id}`;
  }
  /** What no request can bring about. */
  const poison = (path: string) =>
    office.rows('UPDATE customers SET name = $2 WHERE id = $1', [
      path.split('/').at(-1),
      '4242 4242 4242 4242',
    ]);

  it('are told of, and close nothing, when anybody could have sent them in', async () => {
    if (!(await isOpen('live'))) await open('live');
    const { key } = await keyOf('live');
    // The number of an article, which the guard knows, has the form of a card number by chance.
    const path = await customer(key, { metadata: { ean: '4006381333023' } });
    const answer = await office.api.call('GET', path, { key });
    assert.equal(answer.body.metadata.ean, '0');
    const events = await eventually(async () => {
      const all = await told();
      return all.length === 2 ? all : undefined;
    }, 'the events');
    const event = events.find(({ data }) => data.place === 'POST /v1/customers');
    assert.ok(event, JSON.stringify(events));
    assert.equal(event.data.stream, 'answer');
    assert.match(event.data.request, /^req_/);
    assert.ok(!JSON.stringify(event).includes('4006381333023'));
    const mails = await office.rows(
      `SELECT DISTINCT recipient FROM mails WHERE template = 'card_data_found' ORDER BY 1`,
    );
    const to = mails.map(({ recipient }) => recipient);
    assert.ok(to.includes('boss@shop.example') && to.includes('officer@shop.example'));
    assert.equal(await isOpen('live'), true);
  });

  it('close the gate when they came past the guard; a cause is told of once an hour', async () => {
    const { key } = await keyOf('test');
    const path = await customer(key);
    await poison(path);
    for (const again of [false, true]) {
      if (!(await isOpen('test'))) await open('test');
      const answer = await office.api.call('GET', path, { key });
      assert.equal(answer.body.name, '0');
      await eventually(async () => ((await isOpen('test')) ? undefined : true), `closed ${again}`);
      assert.equal((await gate('test')).closed.closed_cause, 'card_data_found');
    }
    const place = 'GET /v1/customers/:id';
    const [row] = (await found()).filter((one) => one.place === place && one.mode === 'test');
    assert.deepEqual([row.found, row.untold], [2, 1]);
    const events = (await told()).filter(({ mode }) => mode === 'test');
    assert.deepEqual(
      events.map(({ data }) => [data.place, data.count]),
      [[place, 1]],
    );
    assert.equal(await isOpen('live'), true, 'the other mode is as it was');
  });

  it('of another organization are told there, and close its gate alone', async () => {
    if (!(await isOpen('live'))) await open('live');
    const before = await found();
    const { key } = await keyOf('live', office.stranger);
    const path = await customer(key);
    await poison(path);
    await office.api.call('GET', path, { key });
    await eventually(async () => (await found(office.stranger))[0], 'their finding');
    assert.deepEqual(await found(), before);
    assert.equal(await isOpen('live'), true);
  });

  it('that the vault tells of close it only when a secret key was answered', async () => {
    const heard: CardDataFound[] = [];
    const [route] = cardDataRoutes({ tell: (one) => heard.push(one) });
    const db = {
      read: async ({ text }: { text: string }, values: unknown[]) => office.rows(text, values),
    };
    const { id: secret } = await keyOf('live');
    const page = await mint({ kind: 'publishable', permissions: ['tokens:create'], ip_ranges: [] });
    const { id: elsewhere } = await keyOf('live', office.stranger);
    const whose = { organization: office.organization, mode: 'live' };
    const at = { stream: 'answer', place: 'POST /v1/tokens', count: 1 };
    const bodies = [
      { ...at, ...whose, key: secret },
      { ...at, ...whose, key: page.id },
      { ...at, ...whose, key: elsewhere },
      { ...at, ...whose, mode: 'test', key: secret },
      { ...at, ...whose, key: 'cs_1' },
      { ...at, ...whose },
      { ...at, stream: 'log' },
    ];
    for (const body of bodies) await route?.handle({ db } as never, { body } as never);
    assert.deepEqual(
      heard.map(({ isIncident }) => isIncident),
      [true, false, false, false, false, false, false],
    );
    assert.equal(heard.at(-1)?.scope, undefined);
  });
});

describe('the list of cards that were read', () => {
  it('is the same page by page, there and back, and takes no cursor of others', async () => {
    const { id: key } = await reader();
    // The last two at the same moment.
    await office.rows(
      `INSERT INTO reveals (organization_id, id, mode, token_id, key_id, recipient_id, reason_code,
         reason_text, address, created_at)
       SELECT $1, 'rvl_' || repeat(n::text, 22), 'test', $2, $3, $4, 'other', 'x', '127.0.0.1',
         now() - greatest(n, 2) * interval '1 second'
       FROM generate_series(1, 4) AS n`,
      [office.organization, noCard, key, recipient],
    );
    const ids = [2, 1, 3, 4].map((n) => `rvl_${String(n).repeat(22)}`);
    const page = async (query: string, by = approver) =>
      (await by.get(`/v1/reveals${query}`, 'test')).body;
    const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id);
    assert.deepEqual(idsOf(await page('')), ids);
    const there: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const got: { data: { id: string }[]; next: string | null } = await page(
        `?limit=1${next === '' ? '' : `&after=${next}`}`,
      );
      there.push(...idsOf(got));
      next = got.next;
    }
    assert.deepEqual(there, ids);
    assert.deepEqual(idsOf(await page(`?limit=2&before=${ids[3]}`)), ids.slice(1, 3));
    assert.equal((await page(`?after=${ids[0]}&before=${ids[1]}`)).code, 'invalid_request');
    assert.deepEqual((await page('', theirs)).data, []);
    assert.equal((await page(`?after=${ids[0]}`, theirs)).code, 'invalid_request');
    const live = await approver.get(`/v1/reveals?after=${ids[0]}`);
    assert.equal(live.body.code, 'invalid_request');
  });
});

describe('what PayOS does by itself', () => {
  const log = createLog('fatal', 'test');
  const sealer = new Sealer(Buffer.alloc(32, 7).toString('base64'));
  let db: ReturnType<typeof openDatabase>;
  before(() => {
    const { cluster, databases } = office;
    db = openDatabase({
      writeUrl: databaseUrl(cluster, 'payos_app', databases.control),
      readUrl: databaseUrl(cluster, 'payos_read', databases.control),
      pool: 10,
      name: 'test',
      log,
      indexesOnly: true,
    });
  });
  after(() => db?.close());
  const ctx = () => systemContext({ db, log }, 'test');
  const refused = (key: string) =>
    noteRefusal(
      ctx(),
      { sealer, propagating: { awaitPropagation: async () => undefined as never } },
      {
        ...{ organization: office.organization, mode: 'test', key },
        ...{ code: 'not_found', address: '127.0.0.1' },
      },
    );

  it('counts no refusal of a key that could not read cards here, whoever tells of it', async () => {
    if (!(await isOpen('test'))) await open('test');
    const plain = await mint({ mode: 'test', permissions: ['tokens:create'] });
    const elsewhere = await reader({}, office.stranger);
    const live = await reader({ mode: 'live' });
    for (const { id } of [plain, elsewhere, live]) await times(20, () => refused(id));
    assert.equal(await isOpen('test'), true);
  });

  it('closes the gate once by twenty refusals at the same moment', async () => {
    await asker.call('POST', '/v1/card_gate/close', { body: { reason: 'Anew' }, mode: 'test' });
    const id = await open('test');
    const { id: key } = await reader();
    await times(20, () => refused(key));
    assert.equal(await isOpen('test'), false);
    await times(5, () => refused(key));
    const closings = await office.rows(
      `SELECT FROM events WHERE object_id = $1 AND type = 'card_gate.closed'`,
      [id],
    );
    assert.equal(closings.length, 1);
  });

  it('tells of what was found meanwhile when the hour is over, once', async () => {
    const [row] = await office.rows(
      `UPDATE card_data_findings SET untold = 7, told_at = now() - interval '2 hours'
       WHERE organization_id = $1 AND mode = 'test' RETURNING id`,
      [office.organization],
    );
    await times(2, () => tellOfFindings(ctx(), { sealer, operatorEmail: undefined }));
    const events = await office.rows(
      `SELECT data->'count' AS count FROM events
       WHERE object_id = $1 AND type = 'card_data.found' ORDER BY sequence`,
      [row.id],
    );
    assert.deepEqual(
      events.map(({ count }) => count),
      [1, 7],
    );
  });
});
