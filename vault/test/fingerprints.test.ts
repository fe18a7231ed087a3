import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mode } from 'payos-contract';
import pg from 'pg';
import { emptyFolder, payos } from '../../cli/test/run.ts';
import { Card } from '../src/cards/card.ts';
import { type Db, openDb } from '../src/core/db.ts';
import { newTokenId, secureBytes } from '../src/core/random.ts';
import { retireKey } from '../src/operator/end-key.ts';
import { moveRecords } from '../src/operator/move-records.ts';
import { beginRotation, finishRotation } from '../src/operator/rotate.ts';
import { numberMacOf, numberMacsOf } from '../src/seal/fingerprint.ts';
import { kekTimes } from '../src/seal/kek-memory.ts';
import { createKekStore, type KekStore } from '../src/seal/kek-store.ts';
import { type KeyProvider, type Owner, SealBroken } from '../src/seal/key-provider.ts';
import { openKeyring } from '../src/seal/keyring-file.ts';
import { sealRecord } from '../src/seal/record.ts';
import { deleteToken } from '../src/tokens/delete-token.ts';
import { underActiveKey } from '../src/tokens/under-active-key.ts';
import { createTokenWriter, type WriteToken } from '../src/tokens/write-token.ts';
import { goodCard, type Stage, setStage } from './stage.ts';
import { newOrganization } from './support.ts';

const { folder, remove } = emptyFolder();
const socketPath = join(folder, 'vault.sock');
const by = 'operator test';
const visa = goodCard.number;
const mastercard = '5555555555554444';
let stage: Stage;
let db: Db;
let provider: KeyProvider;
/** What a vault process remembers of keys, and its way to write. */
type Vault = { keks: KekStore; writeToken: WriteToken };
let vault: Vault;

before(async () => {
  stage = await setStage({ PAYOS_VAULT_OPERATOR_SOCKET: socketPath });
  db = openDb(stage.ground.appUrl, 6, () => {});
  provider = openKeyring(readFileSync(stage.ground.keyring, 'utf8'));
  vault = newVault();
});
after(async () => {
  await stage?.close();
  await db?.close();
  remove();
});

const newVault = (times = kekTimes): Vault => {
  const clock = () => performance.now();
  const keks = createKekStore(db, provider, clock, () => {}, times);
  return { keks, writeToken: createTokenWriter(db) };
};
const newOwner = (mode: Mode = 'test'): Owner => ({ organization: newOrganization(), mode });
const cardOf = (number: string) => new Card(Buffer.from(number), 12, 2040, 'Ada');

/** Stores a card as a vault does, and answers its token. */
async function tokenize(owner: Owner, number = visa, { keks, writeToken }: Vault = vault) {
  const id = newTokenId();
  const place = { ...owner, token: id, recordType: 'card' as const };
  await underActiveKey(keks, owner, async () => {
    const card = cardOf(number);
    const made = await writeToken({
      ...{ id, ...owner, brand: 'visa', last4: number.slice(-4), bin: number.slice(0, 6) },
      ...{ exp_month: 12, exp_year: 2040, funding: null, country: null, idempotency: undefined },
      ...{ actor: 'test', requestId: 'req_1', numberMacs: await numberMacsOf(keks, owner, card) },
      life: { seconds: 3600, singleUse: true },
      madeWith: { kind: 'secret', session: null },
      sealed: sealRecord(await keks.current(owner, 'card'), place, card.toBytes()),
    });
    assert.ok(made);
  });
  return id;
}

const query: Stage['ground']['query'] = (text, values) => stage.ground.query(text, values);
const shownOf = async (token: string): Promise<string | undefined> =>
  (await query('SELECT fingerprint FROM tokens WHERE id = $1', [token]))[0]?.[
    'fingerprint'
  ]?.toString('hex');
const rowsOf = ({ organization, mode }: Owner) =>
  query(
    `SELECT encode(id, 'hex') AS id, encode(mac, 'hex') AS mac, version FROM fingerprints
     WHERE organization_id = $1 AND mode = $2 ORDER BY id`,
    [organization, mode],
  );
const end = (owner: Owner, token: string) =>
  deleteToken({ db, cvcs: { burn: () => {} } as never }, { ...owner, token }, origin);
const origin = { actor: 'test', requestId: 'req_1' };

const purpose = 'fingerprint' as const;
const deps = () => ({ db, keks: newVault().keks, provider, log: () => {} });
const begin = (owner: Owner) => beginRotation(deps(), { ...owner, purpose, by, dry_run: false });
const walk = (owner: Owner) =>
  moveRecords(deps(), { ...owner, purpose, from: 0, skip_broken: false });
const finish = (owner: Owner) => finishRotation(db, { ...owner, purpose, by });
async function rotate(owner: Owner) {
  await begin(owner);
  const moved = await walk(owner);
  await finish(owner);
  return moved;
}

/** A transaction of another process, which ends when it is told to. */
async function holder(text: string, values: unknown[]) {
  const client = new pg.Client(stage.ground.appUrl);
  await client.connect();
  await client.query('BEGIN');
  const { rows } = await client.query(text, values);
  const close = async (how: string) => {
    await client.query(how);
    await client.end();
  };
  return { rows, close };
}
const find = 'SELECT * FROM find_fingerprints($1, $2, $3, $4, $5, $6)';
const askFor = ({ organization, mode }: Owner, macs: { version: number; mac: Buffer }[]) => [
  ...[macs.map(() => 1), macs.map(() => organization), macs.map(() => mode)],
  ...[macs.map(({ version }) => version), macs.map(({ mac }) => mac)],
  macs.map(() => secureBytes(16)),
];
/** Whether it is still under way after a while. */
const waits = (work: Promise<unknown>) =>
  Promise.race([work.then(() => false), sleep(150).then(() => true)]);

describe('the fingerprint of a card', () => {
  it('is random, one for all tokens of the card, and stays when the key is replaced', async () => {
    const owner = newOwner();
    const tokens = await Promise.all([visa, visa, mastercard, visa].map((n) => tokenize(owner, n)));
    const shown = await Promise.all(tokens.map(shownOf));
    assert.equal(new Set(shown).size, 2);
    const before = await rowsOf(owner);
    assert.equal(before.length, 2);
    assert.deepEqual(await rotate(owner), {
      ...{ blocks: 1, next: null, moved: 2, busy: 0, broken: [] },
    });
    assert.deepEqual(await Promise.all(tokens.map(shownOf)), shown);
    const after = await rowsOf(owner);
    assert.deepEqual(after.map(({ id }) => id).toSorted(), before.map(({ id }) => id).toSorted());
    for (const { version } of after) assert.equal(version, 2);
    // Nothing that is shown, or was stored before, follows from the number and the new key.
    const hidden = new Set([...before, ...after].flatMap(({ mac }) => mac));
    assert.equal(hidden.size, 4);
    assert.ok(![...before, ...after].some(({ id }) => hidden.has(id)));
    assert.equal(await shownOf(await tokenize(owner, visa, newVault())), shown[0]);
    const next = await tokenize(owner, '378282246310005', newVault());
    assert.ok(!shown.includes(await shownOf(next)));
  });

  it('is another for each organization and mode, and no other’s can be had', async () => {
    const [one, two] = [newOwner(), newOwner()];
    const live: Owner = { ...one, mode: 'live' };
    const tokens = [await tokenize(one), await tokenize(two), await tokenize(live)];
    const shown = await Promise.all(tokens.map(shownOf));
    const rows = (await Promise.all([one, two, live].map(rowsOf))).flat();
    assert.equal(new Set([...shown, ...rows.map(({ mac }) => mac)]).size, 6);
    await rotate(one);
    for (const owner of [two, live]) assert.equal((await rowsOf(owner))[0]?.['version'], 1);
    for (const change of [
      `organization_id = '${two.organization}'`,
      `mode = 'live'`,
      `fingerprint = '\\x${shown[1]}'`,
    ]) {
      const text = `UPDATE tokens SET ${change} WHERE id = $1`;
      await assert.rejects(query(text, [tokens[0]]), { code: '23503' }, change);
    }
  });

  it('is nothing that the vault’s role can write but by what keeps it one', async () => {
    const owner = newOwner();
    await tokenize(owner);
    for (const text of [
      "UPDATE fingerprints SET id = '0123456789abcdef'",
      'UPDATE fingerprints SET mac = mac',
      'DELETE FROM fingerprints',
      "INSERT INTO fingerprints VALUES (repeat('0', 16)::bytea, 'o', 'test', 1, 'x')",
    ]) {
      await assert.rejects(db.run({ name: text.slice(0, 40), text }, []), { code: '42501' }, text);
    }
    const [row] = await rowsOf(owner);
    const bytes = (hex: string) => Buffer.from(hex, 'hex');
    const rekey = async (before: Buffer, after = secureBytes(16)) => {
      const text = 'SELECT rekey_fingerprints($1, $2, $3, $4, $5)';
      const values = [[owner.organization], [owner.mode], [bytes(row?.['id'])], [before], [after]];
      return (await db.run({ name: 'rekey', text }, values)).length;
    };
    // There is no later key; then the MAC is not what it was.
    assert.equal(await rekey(bytes(row?.['mac'])), 0);
    await begin(owner);
    assert.equal(await rekey(secureBytes(16)), 0);
    assert.equal(await rekey(bytes(row?.['mac'])), 1);
    assert.equal(await rekey(bytes((await rowsOf(owner))[0]?.['mac'])), 0);
  });
});

describe('cards of before there was a table of fingerprints', () => {
  it('keep theirs, which are their MACs under the first key, and are found by them', async () => {
    const owner = newOwner();
    const tokens = [
      await tokenize(owner),
      await tokenize(owner),
      await tokenize(owner, mastercard),
    ];
    await end(owner, tokens[1] ?? '');
    const macs = (await rowsOf(owner)).map(({ mac }) => mac);
    const migration = '../migrations/0010_fingerprints.sql';
    const client = new pg.Client(stage.ground.superUrl);
    await client.connect();
    await client.query(`BEGIN;
      CREATE TEMPORARY TABLE of_before AS SELECT t.id, f.mac FROM tokens t
        JOIN fingerprints f ON f.id = t.fingerprint;
      DROP TABLE fingerprints CASCADE;
      DROP INDEX tokens_fingerprint;
      DROP FUNCTION find_fingerprints, rekey_fingerprints, forget_fingerprints, fingerprint_lock
        CASCADE;
      UPDATE tokens SET fingerprint = mac FROM of_before WHERE of_before.id = tokens.id`);
    await client.query(readFileSync(join(import.meta.dirname, migration), 'utf8'));
    const { rows } = await client.query(
      `SELECT version, encode(id, 'hex') AS id, encode(mac, 'hex') AS mac FROM fingerprints
       WHERE organization_id = $1`,
      [owner.organization],
    );
    const known = await numberMacsOf(vault.keks, owner, cardOf(visa));
    const found = await client.query(find, askFor(owner, known));
    await client.query('ROLLBACK');
    await client.end();
    assert.deepEqual(rows.map(({ mac }) => mac).toSorted(), macs.toSorted());
    for (const { version, id, mac } of rows) assert.deepEqual([version, id], [1, mac]);
    assert.deepEqual(found.rows[0].fingerprint, known[0]?.mac);
  });
});

describe('the last token of a card', () => {
  it('takes fingerprint and MAC along, whatever ends it', async () => {
    const owner = newOwner();
    const [one, two] = [await tokenize(owner), await tokenize(owner)];
    await end(owner, one);
    assert.equal((await rowsOf(owner)).length, 1);
    await query(
      `UPDATE tokens SET shredded_at = now(), fingerprint = NULL WHERE organization_id = $1`,
      [owner.organization],
    );
    assert.deepEqual([await rowsOf(owner), await shownOf(two)], [[], undefined]);
    assert.ok(await shownOf(await tokenize(owner)));
  });

  it('is recognized as the last where several end at once', async () => {
    const owner = newOwner();
    const tokens = await Promise.all(Array.from({ length: 12 }, () => tokenize(owner)));
    const [held = ''] = tokens;
    const text = 'UPDATE tokens SET shredded_at = now(), fingerprint = NULL WHERE id = $1';
    const first = await holder(text, [held]);
    const others = Promise.all(tokens.slice(1).map((token) => end(owner, token)));
    assert.equal(await waits(others), true, 'they take turns');
    assert.equal((await rowsOf(owner)).length, 1);
    await first.close('COMMIT');
    await others;
    assert.deepEqual(await rowsOf(owner), []);
  });

  it('waits for one that is being stored, which keeps the fingerprint', async () => {
    const owner = newOwner();
    const token = await tokenize(owner);
    const macs = await numberMacsOf(vault.keks, owner, cardOf(visa));
    const stored = await holder(
      `WITH known AS (${find})
       INSERT INTO tokens (id, organization_id, mode, brand, last4, bin, exp_month, exp_year,
                           fingerprint, single_use, created_at)
       SELECT $7, $8, 'test', 'visa', '4242', '424242', 12, 2040, fingerprint, false, now()
       FROM known RETURNING fingerprint`,
      [...askFor(owner, macs), newTokenId(), owner.organization],
    );
    const ending = end(owner, token);
    assert.equal(await waits(ending), true);
    await stored.close('COMMIT');
    await ending;
    const [kept] = await rowsOf(owner);
    assert.equal(kept?.['id'], stored.rows[0].fingerprint.toString('hex'));
  });

  it('waits for one that is being stored, and goes when that is given up', async () => {
    const owner = newOwner();
    const token = await tokenize(owner);
    const macs = await numberMacsOf(vault.keks, owner, cardOf(visa));
    const storing = await holder(find, askFor(owner, macs));
    const ending = end(owner, token);
    assert.equal(await waits(ending), true);
    await storing.close('ROLLBACK');
    await ending;
    assert.deepEqual(await rowsOf(owner), []);
  });

  it('may be ended while the same card comes again and again', async () => {
    const owner = newOwner();
    const [next, ...more] = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const made = await tokenize(owner);
        await Promise.all([end(owner, made), tokenize(owner)]);
        return made;
      }),
    );
    assert.equal(await shownOf(next ?? ''), undefined);
    assert.equal(more.length, 7);
    const left = await query(
      `SELECT DISTINCT fingerprint FROM tokens WHERE organization_id = $1
         AND fingerprint IS NOT NULL`,
      [owner.organization],
    );
    assert.equal(left.length, 1);
    assert.equal((await rowsOf(owner)).length, 1);
  });
});

describe('while the key is being replaced', () => {
  it('a card is one, whichever process stores it and whatever that remembers', async () => {
    const owner = newOwner();
    const stale = newVault();
    await tokenize(owner, visa, stale);
    const [known] = await rowsOf(owner);
    await begin(owner);
    const numbers = [visa, mastercard, '378282246310005', '6011111111111117'];
    const vaults = [stale, newVault(), newVault()];
    const all = vaults.flatMap((one) => numbers.map((number) => tokenize(owner, number, one)));
    const shown = await Promise.all((await Promise.all(all)).map(shownOf));
    assert.equal(new Set(shown).size, numbers.length);
    assert.equal(shown[0], known?.['id']);
    const versions = (await rowsOf(owner)).map(({ version }) => version).toSorted();
    assert.deepEqual(versions, [1, 2, 2, 2], 'new cards are under the new key, known ones wait');
    const during = await Promise.all([
      walk(owner),
      ...numbers.map((number) => tokenize(owner, number)),
    ]);
    assert.equal(during[0].moved, 1);
    assert.equal((await finish(owner)).finished.length, 1);
    const last = await Promise.all(numbers.map((number) => tokenize(owner, number, newVault())));
    assert.deepEqual(
      (await Promise.all(last.map(shownOf))).toSorted(),
      [...new Set(shown)].toSorted(),
    );
    assert.equal((await rowsOf(owner)).length, numbers.length);
  });

  it('waits for a card on its way under the former key, and lets none follow', async () => {
    const owner = newOwner();
    const [former] = await numberMacsOf(vault.keks, owner, cardOf(visa));
    assert.ok(former);
    const storing = await holder(find, askFor(owner, [former]));
    const beginning = begin(owner);
    assert.equal(await waits(beginning), true);
    await storing.close('COMMIT');
    await beginning;
    const late = { name: 'late', text: find };
    await assert.rejects(db.run(late, askFor(owner, [former])), { code: 'PK001' });
    // Nor does a process that knows the new key alone, while cards lie under the former.
    const both = await numberMacsOf(newVault().keks, owner, cardOf(visa));
    assert.deepEqual(
      both.map(({ version }) => version),
      [2, 1],
    );
    await assert.rejects(db.run(late, askFor(owner, both.slice(0, 1))), { code: 'PK001' });
    const found = await db.run<{ fingerprint: Buffer }>(late, askFor(owner, both));
    assert.equal(
      found[0]?.fingerprint.toString('hex'),
      storing.rows[0].fingerprint.toString('hex'),
    );
  });

  it('a process that missed the end of the rotation does without the former key', async () => {
    const owner = newOwner();
    await tokenize(owner);
    const [former] = await vault.keks.inUse(owner, 'fingerprint');
    await begin(owner);
    await walk(owner);
    const forgetful = newVault({ ...kekTimes, cacheMs: 1 });
    assert.equal((await forgetful.keks.inUse(owner, 'fingerprint')).length, 2);
    await finish(owner);
    await retireKey(db, { key: former?.id ?? '', by });
    await sleep(2);
    assert.equal((await forgetful.keks.inUse(owner, 'fingerprint')).length, 1);
  });

  it('two that store the same new card get one fingerprint', async () => {
    const owner = newOwner();
    await tokenize(owner);
    await begin(owner);
    const macs = await numberMacsOf(newVault().keks, owner, cardOf(mastercard));
    const first = await holder(find, askFor(owner, macs));
    const second = tokenize(owner, mastercard, newVault());
    assert.equal(await waits(second), true);
    await first.close('COMMIT');
    assert.equal(await shownOf(await second), first.rows[0].fingerprint.toString('hex'));
  });

  it('a card that is not what its MAC says, or does not open, stays and is named', async () => {
    const owner = newOwner();
    const [wrong, closed, good] = [
      await tokenize(owner),
      await tokenize(owner, mastercard),
      await tokenize(owner, '378282246310005'),
    ];
    const change = (what: string, token: string) =>
      query(`UPDATE ${what} WHERE id = (SELECT fingerprint FROM tokens WHERE id = $1)`, [token]);
    await change(`fingerprints SET mac = '0123456789abcdef'`, wrong);
    await query(
      `UPDATE cards SET sealed = overlay(sealed PLACING 'x' FROM 150) WHERE token_id = $1`,
      [closed],
    );
    await begin(owner);
    const around = await moveRecords(deps(), { ...owner, purpose, from: 0, skip_broken: true });
    assert.deepEqual(around.broken.toSorted(), [wrong, closed].toSorted());
    assert.equal(around.moved, 1);
    const { finished, left } = await finish(owner);
    assert.deepEqual([finished.length, left[0]?.records], [0, 2]);
    for (const token of [wrong, closed]) await end(owner, token);
    assert.equal((await finish(owner)).finished.length, 1);
    assert.ok(await shownOf(good));
  });
});

describe('payos vault keys rotate --purpose fingerprint', () => {
  const cli = (...parameters: string[]) =>
    payos(folder, ['vault', 'keys', ...parameters], { PAYOS_VAULT_OPERATOR_SOCKET: socketPath });

  /** Numbers that no card can have: their check digit is wrong. */
  async function storeMany(owner: Owner, count: number): Promise<void> {
    const [keyed, sealing] = [
      await vault.keks.current(owner, 'fingerprint'),
      await vault.keks.current(owner, 'card'),
    ];
    const made = Array.from({ length: count }, (_, at) => {
      const card = cardOf(`400000${String(at).padStart(8, '0')}00`);
      const place = { ...owner, token: newTokenId(), recordType: 'card' as const };
      const sealed = sealRecord(sealing, place, card.toBytes());
      return [place.token, secureBytes(16), numberMacOf(keyed, owner, card), sealed];
    });
    await query(
      `WITH made AS (
         SELECT * FROM unnest($3::text[], $4::bytea[], $5::bytea[], $6::bytea[])
           AS made (token, id, mac, sealed)
       ), known AS (INSERT INTO fingerprints SELECT id, $1, $2, 1, mac FROM made), token AS (
         INSERT INTO tokens (id, organization_id, mode, brand, last4, bin, exp_month, exp_year,
                             fingerprint, single_use, created_at)
         SELECT token, $1, $2, 'visa', '4242', '424242', 12, 2040, id, false, now() FROM made)
       INSERT INTO cards SELECT token, sealed FROM made`,
      [owner.organization, owner.mode, ...[0, 1, 2, 3].map((at) => made.map((one) => one[at]))],
    );
  }

  it('goes on after kill -9, beside new cards; then the former key can be destroyed', async () => {
    const owner: Owner = { organization: stage.organization, mode: 'test' };
    const first = await stage.createToken();
    const shown = await shownOf(first);
    vault = newVault();
    await storeMany(owner, 3_000);
    const only = ['--purpose', 'fingerprint', '--organization', owner.organization, '--json'];
    const former = await vault.keks.current(owner, 'fingerprint');
    const old = (await rowsOf(owner)).map(({ mac }) => mac);
    let isOn = true;
    const load = (async () => {
      const made: string[] = [];
      while (isOn) made.push(await stage.createToken().catch(() => ''));
      return made.filter((token) => token !== '');
    })();
    const killed = cli('rotate', ...only);
    const moved = async () => (await rowsOf(owner)).filter(({ version }) => version === 2).length;
    while ((await moved()) < 200) await sleep(5);
    await stage.restart('SIGKILL');
    assert.equal((await killed).code, 1);
    const half = await moved();
    assert.ok(half < 3_001, `killed in the middle, at ${half}`);
    const inUse = await cli('retire', former.id);
    assert.match(inUse.stderr, /records lie under it/);
    const again = await cli('rotate', ...only);
    isOn = false;
    const made = await load;
    assert.equal(again.code, 0, again.stderr);
    const { rotated, unfinished, left, finished } = JSON.parse(again.stdout);
    assert.deepEqual([rotated.length, unfinished.length, left, finished.length], [0, 1, 0, 1]);
    assert.ok(made.length > 0);
    for (const token of made) assert.equal(await shownOf(token), shown);
    const census = JSON.parse((await cli('census', ...only)).stdout);
    assert.deepEqual(
      census.keys.map(({ records }: { records: number }) => records),
      [0, 3_001],
    );
    assert.equal((await cli('retire', former.id)).code, 0);
    const destroyed = await cli('destroy', former.id, '--yes', former.id, '--at-once');
    assert.equal(destroyed.code, 0, destroyed.stderr);
    const gone = newVault().keks.ofVersion(owner, 'fingerprint', 1);
    await assert.rejects(gone, SealBroken);
    const dump = JSON.stringify(
      await query('SELECT row_to_json(f)::text AS row FROM fingerprints f'),
    );
    assert.ok(!old.some((mac) => dump.includes(mac)), 'no MAC under the former key is left');
    assert.equal(await shownOf(await stage.createToken()), shown);
  });

  it('rotates with the keys for cards and repeated requests, unless one is named', async () => {
    const shown = await shownOf(await stage.createToken(goodCard, { 'idempotency-key': 'all' }));
    const every = await cli('rotate', '--organization', stage.organization, '--json');
    assert.equal(every.code, 0, every.stderr);
    const { rotated, finished, left } = JSON.parse(every.stdout);
    const of = (keys: { purpose: string }[]) => keys.map((key) => key.purpose).toSorted();
    assert.deepEqual(of(rotated), ['card', 'fingerprint', 'idempotency']);
    assert.deepEqual([of(finished), left], [['card', 'fingerprint'], 0]);
    assert.equal(await shownOf(await stage.createToken()), shown);
    const again = await cli('rotate', '--organization', stage.organization, '--dry-run', '--json');
    assert.deepEqual(of(JSON.parse(again.stdout).rotated), ['card', 'fingerprint']);
  });
});
