import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeBase58, type Mode } from 'payos-contract';
import pg from 'pg';
import { emptyFolder, payos } from '../../cli/test/run.ts';
import { type Db, openDb } from '../src/core/db.ts';
import type { VaultAssessment } from '../src/operator/assess.ts';
import { moveRecords } from '../src/operator/move-records.ts';
import { beginRotation, finishRotation } from '../src/operator/rotate.ts';
import { createKekStore, type KekStore } from '../src/seal/kek-store.ts';
import type { KeyProvider } from '../src/seal/key-provider.ts';
import { openKeyring } from '../src/seal/keyring-file.ts';
import { kekNameOf, openRecord, rewrapRecord, sealRecord } from '../src/seal/record.ts';
import { goodCard, newAttempt, type Stage, setStage } from './stage.ts';
import { newOrganization, prepareGround, readAll, startProcessor } from './support.ts';

const { folder, remove } = emptyFolder();
const socketPath = join(folder, 'vault.sock');
const by = 'operator test';
let stage: Stage;
let processor: Awaited<ReturnType<typeof startProcessor>>;
let db: Db;
let provider: KeyProvider;
let keks: KekStore;

before(async () => {
  const ground = await prepareGround();
  processor = await startProcessor(ground, async (request, response) => {
    await readAll(request);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
  });
  const settings = {
    PAYOS_VAULT_OPERATOR_SOCKET: socketPath,
    PAYOS_FORWARD_HOSTS: `localhost:${processor.port}`,
  };
  stage = await setStage(settings, ground);
  db = openDb(ground.appUrl, 4, () => {});
  provider = openKeyring(readFileSync(ground.keyring, 'utf8'));
  keks = newStore();
});
after(async () => {
  await stage?.close();
  await processor?.close();
  await db?.close();
  await stage?.ground.close();
  remove();
});

const newStore = () =>
  createKekStore(
    db,
    provider,
    () => performance.now(),
    () => {},
  );
const newOwner = (mode: Mode = 'test') => ({ organization: newOrganization(), mode });
type Owner = ReturnType<typeof newOwner>;
const placeOf = (owner: Owner, token: string) => ({ ...owner, token, recordType: 'card' as const });
const deps = () => ({ db, keks, provider, log: () => {} });

/** Cards in the database, as if they had been stored one by one. */
async function store(owner: Owner, count: number): Promise<string[]> {
  const kek = await keks.current(owner, 'card');
  const ids = Array.from({ length: count }, () => `tok_${encodeBase58(randomBytes(16))}`);
  const sealed = ids.map((id) => sealRecord(kek, placeOf(owner, id), Buffer.from(id)));
  await stage.ground.query(
    `WITH known AS (
       INSERT INTO fingerprints VALUES ('0123456789abcdef', $2, $3, 1, '0123456789abcdef')
       ON CONFLICT DO NOTHING), made AS (
       INSERT INTO tokens (id, organization_id, mode, brand, last4, bin, exp_month, exp_year,
                           fingerprint, single_use, created_at)
       SELECT id, $2, $3, 'visa', '4242', '424242', 12, 2040, '0123456789abcdef', false, now()
       FROM unnest($1::text[]) AS id)
     INSERT INTO cards SELECT * FROM unnest($1::text[], $4::bytea[])`,
    [ids, owner.organization, owner.mode, sealed],
  );
  return ids;
}

const sealedOf = async (token: string): Promise<Buffer | undefined> =>
  (await stage.ground.query('SELECT sealed FROM cards WHERE token_id = $1', [token]))[0]?.[
    'sealed'
  ];

async function open(owner: Owner, token: string): Promise<string> {
  const sealed = (await sealedOf(token)) ?? Buffer.alloc(0);
  const { id, version } = kekNameOf(sealed);
  const kek = await newStore().named(owner, 'card', id, version);
  return openRecord(kek, placeOf(owner, token), sealed).toString();
}

async function walk(owner: Owner, skip = false) {
  const sum = { moved: 0, busy: 0, broken: [] as string[] };
  let from: number | null = 0;
  while (from !== null) {
    const asked = { ...owner, from, skip_broken: skip };
    const step = await moveRecords(deps(), asked);
    sum.moved += step.moved;
    sum.busy += step.busy;
    sum.broken.push(...step.broken);
    from = step.broken.length > 0 && !skip ? null : step.next;
  }
  return sum;
}

const begin = (owner: Owner) => beginRotation(deps(), { ...owner, by, dry_run: false });
const keysOf = (owner: Owner) =>
  stage.ground.query(
    'SELECT id, version, state FROM keks WHERE organization_id = $1 ORDER BY purpose, version',
    [owner.organization],
  );

/** The command line beside the vault; `purpose` is that of cards. */
async function cli(...parameters: string[]) {
  const env = { PAYOS_VAULT_OPERATOR_SOCKET: socketPath };
  return payos(folder, ['vault', 'keys', ...parameters], env);
}

/** A verb of the operator's door. */
function ask(path: string, body: object): Promise<{ status: number; json: { code?: string } }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const request = httpRequest({ socketPath, method: 'POST', path, headers, agent: false });
    request.on('error', reject);
    request.on('response', async (response) => {
      const json = JSON.parse(await readAll(response));
      resolve({ status: response.statusCode ?? 0, json });
    });
    request.end(JSON.stringify(body));
  });
}

const forward = (token: string, owner: Owner) =>
  stage.ask('/internal/forward', {
    ...owner,
    token,
    attempt: newAttempt(),
    retain: true,
    saved: true,
    timeout_ms: 20_000,
    not_after_ms: Date.now() + 60_000,
    request: {
      method: 'POST',
      url: processor.url,
      headers: {},
      body: { card: { number: '{{card.number}}' } },
    },
  });

describe('rotation', () => {
  it('wraps data keys anew and touches nothing else', async () => {
    const owner = newOwner();
    const [token = ''] = await store(owner, 1);
    const before = (await sealedOf(token)) ?? Buffer.alloc(0);
    await begin(owner);
    assert.deepEqual(await walk(owner), { moved: 1, busy: 0, broken: [] });
    const after = (await sealedOf(token)) ?? Buffer.alloc(0);
    assert.deepEqual(after.subarray(86), before.subarray(86));
    assert.notDeepEqual(after.subarray(26, 86), before.subarray(26, 86));
    assert.equal(kekNameOf(after).version, 2);
    assert.equal(await open(owner, token), token);
    const { finished } = await finishRotation(db, { ...owner, by });
    assert.deepEqual(
      finished.map(({ version }) => version),
      [1],
    );
    assert.deepEqual(
      (await keysOf(owner)).map(({ version, state }) => [version, state]),
      [
        [1, 'decrypt_only'],
        [2, 'active'],
      ],
    );
  });

  it('stores no card under a former key, whatever a vault remembers', async () => {
    const owner = newOwner();
    const [token = ''] = await store(owner, 1);
    const sealed = await sealedOf(token);
    await stage.ground.query('DELETE FROM cards WHERE token_id = $1', [token]);
    await begin(owner);
    const insert = { name: 'late', text: 'INSERT INTO cards VALUES ($1, $2)' };
    await assert.rejects(db.run(insert, [token, sealed]), { code: 'PK001' });
  });

  it('gives one new version to those who rotate at once, and each record one home', async () => {
    const owner = newOwner();
    const tokens = await store(owner, 200);
    const begun = await Promise.all([begin(owner), begin(owner), begin(owner)]);
    assert.equal(begun.flatMap(({ rotated }) => rotated).length, 1);
    assert.equal((await begin(owner)).rotated.length, 0);
    const text = `SELECT rotate_key($1, repeat('0', 32), 'x', 'x', 'x') AS done`;
    const [former] = await keysOf(owner);
    const late = await db.run<{ done: boolean }>({ name: 'rotate', text }, [former?.['id']]);
    assert.equal(late[0]?.done, false);
    const walks = await Promise.all([walk(owner), walk(owner), walk(owner)]);
    assert.equal(
      walks.reduce((sum, { moved }) => sum + moved, 0),
      200,
    );
    assert.deepEqual((await keysOf(owner)).length, 2);
    for (const token of tokens.slice(0, 20)) assert.equal(await open(owner, token), token);
  });

  it('leaves alone what was shredded, or is being, meanwhile', async () => {
    const owner = newOwner();
    const [gone = '', held = ''] = await store(owner, 2);
    await begin(owner);
    const before = (await sealedOf(gone)) ?? Buffer.alloc(0);
    const { id, version } = kekNameOf(before);
    const from = await keks.named(owner, 'card', id, version);
    const after = rewrapRecord(
      from,
      await keks.current(owner, 'card'),
      placeOf(owner, gone),
      before,
    );
    await stage.ground.query('DELETE FROM cards WHERE token_id = $1', [gone]);
    const statement = { name: 'rewrap', text: 'SELECT rewrap_cards($1, $2, $3)' };
    assert.deepEqual(await db.run(statement, [[gone], [before], [after]]), []);
    assert.equal(await sealedOf(gone), undefined);
    const holder = new pg.Client(stage.ground.appUrl);
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('DELETE FROM cards WHERE token_id = $1', [held]);
    assert.deepEqual(await walk(owner), { moved: 0, busy: 1, broken: [] });
    await holder.query('ROLLBACK');
    await holder.end();
    assert.deepEqual(await walk(owner), { moved: 1, busy: 0, broken: [] });
  });

  it('ends at a record that does not open, or goes around it, and is not over', async () => {
    const owner = newOwner();
    const tokens = await store(owner, 3);
    const [first = '', second = ''] = tokens;
    // Two ciphertexts change places.
    await stage.ground.query(
      `UPDATE cards SET sealed = (SELECT sealed FROM cards AS other
         WHERE other.token_id = CASE cards.token_id WHEN $1 THEN $2 ELSE $1 END)
       WHERE token_id IN ($1, $2)`,
      [first, second],
    );
    await begin(owner);
    assert.equal((await walk(owner)).broken.length, 2);
    const around = await walk(owner, true);
    assert.deepEqual(around.broken.toSorted(), [first, second].toSorted());
    const { finished, left } = await finishRotation(db, { ...owner, by });
    assert.deepEqual([finished.length, left[0]?.records], [0, 2]);
  });

  it('lets the process change nothing but what wraps, and only forward', async () => {
    const owner = newOwner();
    const [token = ''] = await store(owner, 1);
    const old = (await sealedOf(token)) ?? Buffer.alloc(0);
    const former = await keks.current(owner, 'card');
    await begin(owner);
    const next = await newStore().current(owner, 'card');
    const place = placeOf(owner, token);
    const good = rewrapRecord(former, next, place, old);
    const strange = { ...next, key: createSecretKey(randomBytes(32)), id: '00'.repeat(16) };
    const flipped = Buffer.from(good);
    flipped.writeUInt8(flipped.readUInt8(150) ^ 1, 150);
    const statement = { name: 'rewrap', text: 'SELECT rewrap_cards($1, $2, $3)' };
    const tries = [flipped, sealRecord(next, place, Buffer.from('another card'))];
    tries.push(rewrapRecord(former, strange, place, old), rewrapRecord(former, former, place, old));
    for (const bad of tries) {
      assert.deepEqual(await db.run(statement, [[token], [old], [bad]]), []);
    }
    await assert.rejects(db.run({ name: 'update', text: 'UPDATE cards SET sealed = $1' }, [good]), {
      code: '42501',
    });
    assert.equal((await db.run(statement, [[token], [old], [good]])).length, 1);
    // Back again is refused, too, and so is standing still, and every version but the active one.
    const again = rewrapRecord(next, next, place, good);
    for (const bad of [old, again]) {
      assert.deepEqual(await db.run(statement, [[token], [good], [bad]]), []);
    }
    await finishRotation(db, { ...owner, by });
    await begin(owner);
    await stage.ground.query('UPDATE cards SET sealed = $1 WHERE token_id = $2', [old, token]);
    assert.deepEqual(await db.run(statement, [[token], [old], [good]]), []);
  });
});

describe('payos vault keys', () => {
  it('rotates under load through kill -9, then retires and destroys', async () => {
    assert.equal(statSync(socketPath).mode & 0o777, 0o600);
    const owner = { organization: stage.organization, mode: 'test' as const };
    await stage.createToken();
    keks = newStore();
    const real = await stage.createToken();
    const keep = await stage.ask('/internal/tokens/keep', stage.owned(real));
    assert.equal(keep.status, 200, keep.text);
    await store(owner, 4_000);
    const only = ['--purpose', 'card', '--organization', owner.organization, '--json'];
    const backup = await sealedOf(real);
    const dry = JSON.parse((await cli('rotate', '--dry-run', ...only)).stdout);
    assert.deepEqual([dry.rotated.length, dry.left, (await keysOf(owner)).length], [1, 4_002, 2]);

    let isOn = true;
    const load = (async () => {
      const seen: string[] = [];
      while (isOn) {
        const made = await stage.createToken().catch(() => undefined);
        if (made !== undefined) seen.push(made);
        const sent = await forward(real, owner).catch(() => undefined);
        if (sent?.status === 200) assert.equal(sent.json.outcome, 'answered', sent.text);
      }
      return seen;
    })();
    const first = cli('rotate', ...only);
    const movedAtAll = 'SELECT count(*)::int AS n FROM cards WHERE get_byte(sealed, 25) = 2';
    const moved = async () => Number((await stage.ground.query(movedAtAll))[0]?.['n']);
    while ((await moved()) < 300) await sleep(5);
    await stage.restart('SIGKILL');
    assert.equal((await first).code, 1);
    const half = await moved();
    assert.ok(half < 4_002, `killed in the middle, at ${half}`);
    const again = await cli('rotate', ...only);
    isOn = false;
    const made = await load;
    assert.equal(again.code, 0, again.stderr);
    const report = JSON.parse(again.stdout);
    assert.deepEqual([report.rotated.length, report.unfinished.length, report.left], [0, 1, 0]);
    assert.ok(made.length > 0);
    assert.equal((await forward(real, owner)).json.outcome, 'answered');

    const [former = { id: '' }] = await keysOf(owner);
    const census = JSON.parse((await cli('census', ...only)).stdout);
    const [one, two] = census.keys;
    assert.deepEqual([one.records, two.records >= 4_002], [0, true]);
    const tooSoon = await ask('/keys/destroy', {
      ...{ key: former.id, confirm: former.id, at_once: true, by },
    });
    assert.equal(tooSoon.json.code, 'vault_key_state');
    const used = await ask('/keys/retire', { key: two.id, by });
    assert.equal(used.json.code, 'vault_key_state');
    assert.equal((await ask('/keys/retire', { key: former.id, by })).status, 200);
    const destroy = { key: former.id, confirm: former.id, by };
    const early = await ask('/keys/destroy', { ...destroy, at_once: false });
    assert.equal(early.json.code, 'too_early');
    const [, from = ''] = /from (\S+) on, 7 days/.exec(JSON.stringify(early)) ?? [];
    assert.ok(Date.parse(from) > Date.now() + 6.9 * 86_400_000, from);
    const unsure = await ask('/keys/destroy', { ...destroy, at_once: true, confirm: two.id });
    assert.equal(unsure.json.code, 'invalid_request');
    assert.equal((await ask('/keys/restore', { key: former.id, by })).status, 200);
    assert.equal((await ask('/keys/retire', { key: former.id, by })).status, 200);
    const ended = await cli('destroy', former.id, '--yes', former.id, '--at-once');
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /is destroyed\.\n$/);
    const rows = await stage.ground.query('SELECT wrapped FROM keks WHERE id = $1', [former.id]);
    assert.equal(rows[0]?.['wrapped'], null);
    assert.equal((await forward(real, owner)).json.outcome, 'answered');
    await stage.restart();
    assert.equal((await forward(real, owner)).json.outcome, 'answered');
    // A copy from before is of no use any more.
    await stage.ground.query('UPDATE cards SET sealed = $1 WHERE token_id = $2', [backup, real]);
    assert.equal((await forward(real, owner)).json.detail, 'card_unreadable');
    const entries = await stage.ground.query(
      `SELECT action, actor FROM audit_log WHERE organization_id = $1 AND action LIKE 'key.%'
       ORDER BY id`,
      [owner.organization],
    );
    assert.deepEqual(
      entries.map(({ action }) => action),
      ['rotate', 'rotate.finish', 'retire', 'restore', 'retire', 'destroy'].map((s) => `key.${s}`),
    );
    assert.match(entries[0]?.['actor'], /^operator \w/);
  });

  it('is told of in the facts for an assessor, but for what they are', async () => {
    const owner = newOwner();
    const [token = ''] = await store(owner, 1);
    await forward(token, owner);
    await begin(owner);
    const { status, json } = await ask('/assessment', { days: 90 });
    assert.equal(status, 200);
    const facts = json as VaultAssessment;
    const { fit_for_live, name } = facts.provider;
    assert.deepEqual([name, fit_for_live], ['keyring-file', false]);
    assert.equal(facts.key_cache_seconds, 300);
    assert.ok(Array.isArray(facts.weaknesses));
    assert.deepEqual([facts.live_destinations, facts.live_reveal_keys], [[], []]);
    const own = ({ organization }: { organization: string }) => organization === owner.organization;
    const cards = facts.keys.filter((key) => own(key) && key.purpose === 'card');
    assert.deepEqual(
      cards.map(({ version, state }) => [version, state]),
      [
        [1, 'decrypt_only'],
        [2, 'active'],
      ],
    );
    assert.equal(facts.tokens.find(own)?.tokens, 1);
    assert.equal(facts.forwards.find(own)?.host, new URL(processor.url).host);
    const wrapped = await stage.ground.query('SELECT wrapped FROM keks WHERE wrapped IS NOT NULL');
    const told = JSON.stringify(facts);
    for (const { wrapped: bytes } of wrapped) assert.ok(!told.includes(bytes.toString('hex')));
  });

  it('recognizes a repeated request by the key it was made under, for its day', async () => {
    const repeated = { 'idempotency-key': 'before-rotation' };
    const before = await stage.createToken(goodCard, repeated);
    const owner = { organization: stage.organization, purpose: 'idempotency' };
    const done = await cli('rotate', '--purpose', 'idempotency', '--json');
    assert.equal(done.code, 0, done.stderr);
    assert.equal(JSON.parse(done.stdout).aging, 1);
    assert.equal(await stage.createToken(goodCard, repeated), before);
    const other = { type: 'card', card: { ...goodCard, exp_year: 2041 } };
    assert.equal((await stage.post(other, repeated)).json.code, 'idempotency_mismatch');
    const after = { 'idempotency-key': 'after-rotation' };
    assert.equal(
      await stage.createToken(goodCard, after),
      await stage.createToken(goodCard, after),
    );
    const { json } = await ask('/keys/census', owner);
    const [former, active] = (json as { keys?: { id: string; records: number }[] }).keys ?? [];
    assert.deepEqual([former?.records, active?.records], [1, 1]);
    assert.equal((await ask('/keys/retire', { key: former?.id, by })).json.code, 'key_in_use');
    await stage.ground.query("DELETE FROM idempotency_keys WHERE key = 'before-rotation'");
    assert.equal((await ask('/keys/retire', { key: former?.id, by })).status, 200);
  });

  it('refuses to retire what is in use, and to destroy live keys at once', async () => {
    const owner = newOwner('live');
    await store(owner, 1);
    await begin(owner);
    const [former = { id: '' }] = await keysOf(owner);
    assert.equal((await ask('/keys/retire', { key: former.id, by })).json.code, 'key_in_use');
    await stage.ground.query('DELETE FROM cards WHERE get_byte(sealed, 25) = 1');
    assert.equal((await ask('/keys/retire', { key: former.id, by })).status, 200);
    const destroy = { key: former.id, confirm: former.id, at_once: true, by };
    assert.match(JSON.stringify(await ask('/keys/destroy', destroy)), /never destroyed at once/);
    const text = `SELECT change_key($1, 'destroy', 'x', '0') AS done`;
    const [row] = await db.run<{ done: boolean | null }>({ name: 'destroy', text }, [former.id]);
    assert.equal(row?.done ?? null, null);
  });
});
