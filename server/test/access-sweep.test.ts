import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hash } from '@node-rs/argon2';
import type pg from 'pg';
import { databaseUrl } from '../../tools/harness/cluster.ts';
import { type Installation, startInstallation } from '../../tools/harness/installation.ts';
import { type SignedUp, signIn, signUp } from '../../tools/harness/sign-up.ts';
import { sweepAccess } from '../src/access/index.ts';
import { type Database, openDatabase } from '../src/core/db.ts';
import { createLog } from '../src/core/log.ts';

let payos: Installation;
let db: pg.Client;
let database: Database;
let ada: SignedUp;
before(async () => {
  payos = await startInstallation({ start: ['server'] });
  db = await payos.connect('control');
  const { cluster, databases } = payos;
  database = openDatabase({
    writeUrl: databaseUrl(cluster, 'payos_app', databases.control),
    readUrl: databaseUrl(cluster, 'payos_read', databases.control),
    pool: 2,
    name: 'sweep',
    log: createLog('error', 'sweep'),
    indexesOnly: true,
  });
  ada = await signUp(payos);
});
after(async () => {
  await database?.close();
  await db?.end();
  await payos?.stop();
});

/** Inserts a row for the account, with its age; the sweep keeps it or not. */
async function rowsAfterSweep(table: string): Promise<string[]> {
  await sweepAccess(database);
  const name: Record<string, string> = {
    webauthn_challenges: `encode(challenge, 'escape')`,
    one_time_links: 'email',
    sessions: `coalesce(ended_reason, 'open')`,
  };
  const { rows } = await db.query(`SELECT ${name[table]} AS name FROM ${table} ORDER BY 1`);
  return rows.map((row) => row.name);
}

describe('the worker`s sweep', () => {
  it('removes challenges that nobody answered', async () => {
    await db.query(
      `INSERT INTO webauthn_challenges (challenge, purpose, expires_at)
       VALUES ('old', 'sign_in', now() - interval '1 second'),
         ('young', 'sign_in', now() + interval '1 minute')`,
    );
    assert.deepEqual(await rowsAfterSweep('webauthn_challenges'), ['young']);
  });

  it('removes links after a month, and keeps what still works', async () => {
    const link = (name: string, age: string, left: string) =>
      db.query(
        `INSERT INTO one_time_links (token_hash, kind, account_id, email, created_at, expires_at)
         VALUES (sha256($1::text::bytea), 'email_change', $2, $1::text, now() - $3::interval,
           now() + $4::interval)`,
        [name, ada.account, age, left],
      );
    await db.query('DELETE FROM one_time_links');
    await link('expired lately', '2 hours', '-1 hour');
    await link('expired long ago', '31 days', '-30 days');
    await link('works', '31 days', '1 day');
    assert.deepEqual(await rowsAfterSweep('one_time_links'), ['expired lately', 'works']);
  });

  it('ends sessions that are over, and forgets them a month later', async () => {
    const session = (id: string, state: string, age: string, used: string, ended: string | null) =>
      db.query(
        `INSERT INTO sessions (id, token_hash, account_id, state, proofs, created_at, last_used_at,
           ended_at, ended_reason)
         VALUES ($1::text, sha256($1::text::bytea), $2, $3, '{}', now() - $4::interval,
           now() - $5::interval, now() - $6::interval,
           CASE WHEN $6::interval IS NULL THEN NULL ELSE $1::text END)`,
        [id, ada.account, state, age, used, ended],
      );
    await db.query('DELETE FROM sessions');
    await session('open', 'active', '11 hours', '1 minute', null);
    await session('too long', 'active', '13 hours', '1 minute', null);
    await session('not used', 'active', '1 hour', '16 minutes', null);
    await session('begun', 'second_factor', '11 minutes', '11 minutes', null);
    await session('ended lately', 'active', '29 days', '29 days', '29 days');
    await session('ended long ago', 'active', '32 days', '32 days', '31 days');
    assert.deepEqual(await rowsAfterSweep('sessions'), [
      'ended lately',
      'expired',
      'expired',
      'expired',
      'open',
    ]);
  });

  it('removes an app that was never confirmed', async () => {
    const count = async () => {
      const { rows } = await db.query('SELECT account_id FROM totp_factors');
      return rows.length;
    };
    await sweepAccess(database);
    assert.equal(await count(), 1);
    await db.query(
      `UPDATE totp_factors SET confirmed_at = NULL, created_at = now() - interval '2 days'`,
    );
    await sweepAccess(database);
    assert.equal(await count(), 0);
  });
});

describe('a password hashed for less than today`s cost', () => {
  it('is hashed anew when it is given', async () => {
    const eve = await signUp(payos);
    const cheap = await hash(eve.password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    const hashOf = async () => {
      const { rows } = await db.query('SELECT password_hash FROM accounts WHERE id = $1', [
        eve.account,
      ]);
      return String(rows[0].password_hash);
    };
    await db.query('UPDATE accounts SET password_hash = $2 WHERE id = $1', [eve.account, cheap]);
    await signIn(payos, eve);
    assert.match(await hashOf(), /^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
    await signIn(payos, eve, { steps: 1 });
  });
});
