import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import type { Answer } from '../../tools/harness/api-client.ts';
import { type Installation, startInstallation } from '../../tools/harness/installation.ts';
import { openBrowser, type SignedUp, signUp } from '../../tools/harness/sign-up.ts';

/**
 * Whether an account exists must not be told: not by what is answered, and not by the work that is
 * done for it, which is what takes the time. Work is counted, not timed: every statement that
 * PostgreSQL runs, and every password that is hashed.
 */
let payos: Installation;
let db: pg.Client;
let ada: SignedUp;
let locked: SignedUp;
before(async () => {
  payos = await startInstallation({ start: [] });
  db = await payos.connect('control');
  await db.query(`ALTER DATABASE ${payos.databases.control} SET log_statement = 'all'`);
  await payos.processes.server.start();
  ada = await signUp(payos);
  locked = await signUp(payos);
  const until = `now() + interval '20 minutes'`;
  await db.query(
    `UPDATE accounts SET failed_attempts = 10, locked_until = ${until} WHERE id = $1`,
    [locked.account],
  );
  // Every statement is prepared once per connection; after this it only runs.
  for (let count = 0; count < 3; count += 1) {
    for (const email of ['nobody@people.example', ada.email]) await tryPassword(email, 'wrong');
  }
  await db.query('UPDATE accounts SET failed_attempts = 0 WHERE id = $1', [ada.account]);
});
after(async () => {
  await db?.end();
  await payos?.stop();
});

const tryPassword = (email: string, password: string) =>
  openBrowser(payos).post('/v1/sign_in/password', { email, password });

const logFile = () => join(payos.cluster.directory, 'postgres.log');

/** The names of the statements that the server's connections ran meanwhile. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const from = statSync(logFile()).size;
  await work();
  const { rows } = await db.query(
    `SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'payos-server'`,
  );
  const ours = new Set(rows.map(({ pid }) => String(pid)));
  const text = readFileSync(logFile()).subarray(from).toString();
  const lines = text.matchAll(/\[(\d+)\] LOG: {2}(?:execute|statement):? ([\w. ]+)/g);
  return [...lines].flatMap(([, pid = '', name = '']) => (ours.has(pid) ? [name.trim()] : []));
}

async function passwordChecks(): Promise<number> {
  const { text } = await payos.api.get('/metrics');
  return Number(/^payos_password_checks_total (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}

async function workOf(work: () => Promise<Answer>) {
  const before = await passwordChecks();
  let answer: Answer | undefined;
  const statements = await statementsOf(async () => {
    answer = await work();
  });
  assert.ok(answer !== undefined);
  const { status, body, headers } = answer;
  const names = Object.keys(headers).filter((name) => name !== 'date');
  return {
    answer: { status, body: { ...body, request_id: '' }, names: names.sort() },
    statements,
    checks: (await passwordChecks()) - before,
  };
}

describe('whether an account exists', () => {
  it('is not told by a sign-in: the same answer, statements and hashes', async () => {
    const unknown = await workOf(() => tryPassword('nobody@people.example', 'x'));
    assert.equal(unknown.answer.body.code, 'sign_in_failed');
    assert.equal(unknown.checks, 1);
    for (const name of ['accounts.count_by_email', 'accounts.password', 'audit.insert_in_each']) {
      assert.ok(unknown.statements.includes(name), unknown.statements.join());
    }
    for (const [what, email, password] of [
      ['a wrong password', ada.email, 'wrong'],
      ['an address in other letters', ada.email.toUpperCase(), 'wrong'],
      ['a locked account', locked.email, 'wrong'],
      ['the right password of a locked account', locked.email, locked.password],
    ] as const) {
      assert.deepEqual(await workOf(() => tryPassword(email, password)), unknown, what);
    }
  });

  it('is not told by the try that locks it', async () => {
    await db.query('UPDATE accounts SET failed_attempts = 9 WHERE id = $1', [ada.account]);
    const tenth = await workOf(() => tryPassword(ada.email, 'wrong'));
    const unknown = await workOf(() => tryPassword('nobody@people.example', 'wrong'));
    const { rows } = await db.query('SELECT lock_untold FROM accounts WHERE id = $1', [
      ada.account,
    ]);
    assert.equal(rows[0].lock_untold, true);
    assert.deepEqual(tenth, unknown);
  });

  it('is not told by a request for a new password', async () => {
    const ask = (email: string) => openBrowser(payos).post('/v1/password_resets', { email });
    await ask('warm@people.example');
    const unknown = await workOf(() => ask('nobody@people.example'));
    assert.deepEqual(unknown.answer.body, { accepted: true, request_id: '' });
    assert.deepEqual(await workOf(() => ask(ada.email)), unknown);
  });

  it('is not told by the options for a passkey, which name none before a password', async () => {
    const { body } = await openBrowser(payos).post('/v1/sign_in/passkey_options');
    assert.deepEqual(body.options.allowCredentials, []);
  });

  it('is not told by a change of address to one that is taken', async () => {
    const { browser, password } = await signUp(payos);
    const change = (email: string) => browser.post('/v1/account/email', { email, password });
    const [taken, free] = [await change(locked.email), await change('free@people.example')];
    assert.deepEqual([taken.status, taken.body], [free.status, free.body]);
  });
});
