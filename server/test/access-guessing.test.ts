import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { BrowserSession } from '../../tools/harness/browser-session.ts';
import { type Installation, startInstallation } from '../../tools/harness/installation.ts';
import { openBrowser, type SignedUp, signIn, signUp } from '../../tools/harness/sign-up.ts';
import { totpCode } from '../../tools/harness/totp.ts';
import { eventually } from './shop.ts';

let payos: Installation;
let db: pg.Client;
before(async () => {
  payos = await startInstallation({
    start: ['server', 'worker'],
    settings: { PAYOS_SIGN_IN_RATE: '20' },
  });
  db = await payos.connect('control');
});
after(async () => {
  await db?.end();
  await payos?.stop();
});

let network = 0;
/** An address that nobody has used yet. */
function newAddress(): string {
  network += 1;
  return `127.0.${1 + Math.floor(network / 250)}.${1 + (network % 250)}`;
}
const newBrowser = () => openBrowser(payos, { address: newAddress() });
const newPerson = () => signUp(payos, { browser: newBrowser() });
const forgetCodes = () => db.query('UPDATE totp_factors SET last_step = 0');

const tryPassword = (browser: BrowserSession, email: string, password = 'a wrong one') =>
  browser.post('/v1/sign_in/password', { email, password });

/** A session in which the password was right. */
async function begin({ email, password }: SignedUp): Promise<BrowserSession> {
  const browser = newBrowser();
  const answer = await tryPassword(browser, email, password);
  assert.equal(answer.body.state, 'second_factor', answer.text);
  return browser;
}

async function lock({ email }: SignedUp): Promise<void> {
  const browser = newBrowser();
  for (let count = 0; count < 10; count += 1) await tryPassword(browser, email);
}

async function accountOf(person: SignedUp) {
  const { rows } = await db.query(
    `SELECT failed_attempts, locked_until, locked_until > now() AS locked FROM accounts
     WHERE id = $1`,
    [person.account],
  );
  return rows[0] as { failed_attempts: number; locked_until: Date | null; locked: boolean | null };
}

async function failuresOf(person: SignedUp): Promise<Record<string, number>> {
  const { rows } = await db.query(
    `SELECT details->>'reason' AS reason, count(*)::int AS count FROM audit_log
     WHERE action = 'sign_in.fail' AND object_id = $1 GROUP BY 1`,
    [person.account],
  );
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]));
}

const failed = (answer: Answer) =>
  assert.deepEqual([answer.status, answer.body?.code], [401, 'sign_in_failed'], answer.text);

describe('brute force', () => {
  it('from 80 addresses at once gets ten guesses, and then not even the right one', async () => {
    const person = await newPerson();
    const browsers = Array.from({ length: 80 }, newBrowser);
    const answers = await Promise.all(browsers.map((one) => tryPassword(one, person.email)));
    answers.forEach(failed);
    assert.deepEqual(await failuresOf(person), { wrong: 10, locked: 70 });
    failed(await tryPassword(newBrowser(), person.email, person.password));
    await Promise.all(browsers.map((browser) => browser.close()));
  });

  it('at codes gets ten guesses, all at once or with right passwords between', async () => {
    const person = await newPerson();
    const one = await begin(person);
    const tabs = Array.from({ length: 15 }, () => one.copy());
    const codes = tabs.map((tab) => tab.post('/v1/sign_in/totp', { code: '000000' }));
    (await Promise.all(codes)).forEach(failed);
    assert.deepEqual(await failuresOf(person), { wrong: 10, locked: 5 });

    const patient = await newPerson();
    for (let count = 0; count < 5; count += 1) {
      const browser = await begin(patient);
      failed(await browser.post('/v1/sign_in/totp', { code: '000000' }));
      failed(await browser.post('/v1/sign_in/totp', { code: '000001' }));
    }
    assert.equal((await accountOf(patient)).locked, true);
  });

  it('is counted over password, code and recovery code together', async () => {
    const person = await newPerson();
    for (let count = 0; count < 3; count += 1) await tryPassword(newBrowser(), person.email);
    const browser = await begin(person);
    for (let count = 0; count < 3; count += 1) {
      failed(await browser.post('/v1/sign_in/totp', { code: '000000' }));
      failed(await browser.post('/v1/sign_in/recovery_code', { code: '0-00000-00000' }));
    }
    assert.deepEqual((await accountOf(person)).failed_attempts, 9);
    failed(await browser.post('/v1/sign_in/recovery_code', { code: '1-00000-00000' }));
    assert.equal((await accountOf(person)).locked, true);
  });

  it('of nine is forgotten after a whole sign-in, and not before', async () => {
    await forgetCodes();
    const person = await newPerson();
    for (let count = 0; count < 9; count += 1) await tryPassword(newBrowser(), person.email);
    const browser = await begin(person);
    assert.equal((await accountOf(person)).failed_attempts, 9);
    const done = await browser.post('/v1/sign_in/totp', { code: totpCode(person.secret) });
    assert.equal(done.body.state, 'active', done.text);
    assert.deepEqual(await accountOf(person), {
      failed_attempts: 0,
      locked_until: null,
      locked: null,
    });
  });
});

describe('a locked account', () => {
  it('answers a right password exactly as a wrong one, and as an unknown account', async () => {
    const person = await newPerson();
    await lock(person);
    const strip = ({ status, body, headers }: Answer) => {
      const names = Object.keys(headers).sort();
      return { status, names, body: { ...body, request_id: '' } };
    };
    const right = await tryPassword(newBrowser(), person.email, person.password);
    const wrong = await tryPassword(newBrowser(), person.email);
    const unknown = await tryPassword(newBrowser(), 'nobody@people.example');
    assert.deepEqual(strip(right), strip(wrong));
    assert.deepEqual(strip(unknown), strip(wrong));
  });

  it('is not locked longer by those who go on trying, and starts anew after it', async () => {
    await forgetCodes();
    const person = await newPerson();
    await lock(person);
    const { locked_until: until } = await accountOf(person);
    assert.ok(Math.abs(Number(until) - Date.now() - 30 * 60_000) < 60_000, String(until));
    await lock(person);
    assert.deepEqual((await accountOf(person)).locked_until, until);
    await db.query('UPDATE accounts SET locked_until = now() WHERE id = $1', [person.account]);
    failed(await tryPassword(newBrowser(), person.email));
    assert.equal((await accountOf(person)).failed_attempts, 1);
    await signIn(payos, person, { address: newAddress() });
  });

  it('refuses factors as well, whichever comes', async () => {
    await forgetCodes();
    const person = await newPerson();
    const browser = await begin(person);
    await lock(person);
    failed(await browser.post('/v1/sign_in/totp', { code: totpCode(person.secret) }));
    const [code] = person.recoveryCodes;
    failed(await browser.post('/v1/sign_in/recovery_code', { code }));
  });

  it('is told to its person, to each organization and to the audit log, once', async () => {
    const person = await newPerson();
    assert.match((await payos.mail.next(person.email)).subject, /added/);
    await lock(person);
    const mail = await payos.mail.next(person.email);
    assert.match(mail.subject, /locked/i);
    assert.match(mail.text, /Firefox on Linux/);
    const told = async () => {
      const { rows } = await db.query(
        `SELECT data FROM events WHERE type = 'member.locked' AND organization_id = $1`,
        [person.organization],
      );
      return rows.length > 0 ? rows : undefined;
    };
    const events = await eventually(told, 'the event');
    assert.equal(events.length, 1);
    assert.equal(events[0].data.email, person.email);
    assert.ok(events[0].data.locked_until);
    const { rows: entries } = await db.query(
      `SELECT organization_id, mode FROM audit_log
       WHERE action = 'account.lock' AND object_id = $1`,
      [person.account],
    );
    assert.deepEqual(entries, [{ organization_id: person.organization, mode: null }]);
    const { body } = await person.browser.get('/v1/members');
    assert.ok(body.data[0].locked_until, 'members see it');
  });

  it('keeps nobody from proving themselves who is signed in already', async () => {
    await forgetCodes();
    const person = await newPerson();
    await lock(person);
    assert.equal((await person.browser.get('/v1/account')).status, 200);
    const code = totpCode(person.secret);
    const again = await person.browser.post('/v1/session/step_up', { method: 'totp', code });
    assert.equal(again.status, 200, again.text);
  });
});

describe('a crowd that fills the line of password checks', () => {
  it('locks nobody out who is turned away there, and no lock goes untold', async () => {
    const person = await newPerson();
    const crowd = Array.from({ length: 260 }, newBrowser);
    const rights = Array.from({ length: 14 }, newBrowser);
    // Connected before, and sent while the server does not look, so that they come at once.
    await Promise.all([...crowd, ...rights].map((browser) => browser.get('/v1/session')));
    payos.processes.server.signal('SIGSTOP');
    const others = crowd.map((browser, at) => tryPassword(browser, `crowd${at}@people.example`));
    const guesses: Promise<Answer>[] = [];
    for (const browser of rights) {
      guesses.push(tryPassword(browser, person.email, person.password));
    }
    await delay(500);
    payos.processes.server.signal('SIGCONT');
    const answers = await Promise.all(guesses);
    await Promise.all(others);
    const turnedAway = answers.filter(({ status }) => status === 503);
    assert.ok(turnedAway.length > 0, 'the line was not full');
    const account = await accountOf(person);
    assert.equal(account.failed_attempts, 0);
    assert.equal(account.locked, null);
    await Promise.all([...crowd, ...rights].map((browser) => browser.close()));
  });

  it('cannot hide a lock: it is to be told as soon as it is there', async () => {
    const person = await newPerson();
    await db.query('UPDATE accounts SET failed_attempts = 9 WHERE id = $1', [person.account]);
    const wrong = tryPassword(newBrowser(), person.email);
    const seen = await eventually(async () => {
      const { rows } = await db.query(
        'SELECT lock_untold, lock_address FROM accounts WHERE id = $1 AND locked_until > now()',
        [person.account],
      );
      return rows[0];
    }, 'the lock');
    assert.equal(seen.lock_untold, true);
    assert.ok(seen.lock_address);
    failed(await wrong);
  });
});

describe('a stolen session', () => {
  it('gets ten guesses at a factor and ends', async () => {
    const person = await newPerson();
    const { browser } = person;
    for (let count = 0; count < 10; count += 1) {
      failed(await browser.post('/v1/session/step_up', { method: 'totp', code: '000000' }));
    }
    assert.equal((await browser.get('/v1/account')).body.code, 'session_expired');
    assert.equal((await accountOf(person)).locked, true);
  });

  it('gets no more by guessing all at once', async () => {
    const person = await newPerson();
    const tabs = Array.from({ length: 15 }, () => person.browser.copy());
    const guess = { method: 'totp', code: '000000' };
    const answers = await Promise.all(tabs.map((tab) => tab.post('/v1/session/step_up', guess)));
    assert.ok(answers.every(({ status }) => status === 401));
    const { rows } = await db.query(
      `SELECT 1 FROM audit_log WHERE action = 'step_up.fail' AND object_id = $1
         AND details->>'reason' IN ('wrong', 'session_ended')`,
      [person.account],
    );
    assert.ok(rows.length <= 10, `${rows.length} guesses`);
  });

  it('gets no more by a right password between', async () => {
    const { browser, password } = await newPerson();
    for (let count = 0; count < 9; count += 1) {
      failed(await browser.post('/v1/session/step_up', { method: 'totp', code: '000000' }));
    }
    const right = await browser.post('/v1/session/step_up', { method: 'password', password });
    assert.equal(right.status, 200, right.text);
    failed(await browser.post('/v1/session/step_up', { method: 'totp', code: '000000' }));
    assert.equal((await browser.get('/v1/account')).body.code, 'session_expired');
  });
});

describe('guessing over many accounts from one address', () => {
  it('is slowed down, whatever step is tried; another address is not', async () => {
    const browser = newBrowser();
    const steps = [
      (n: number) => tryPassword(browser, `person${n}@people.example`),
      (n: number) => browser.post('/v1/password_resets', { email: `p${n}@people.example` }),
      () => browser.post('/v1/password_resets/confirm', { token: 'A'.repeat(43), password: 'x' }),
      () => browser.post('/v1/account/email/confirm', { token: 'A'.repeat(43) }),
      () => browser.post('/v1/setup/lookup', { token: 'A'.repeat(43) }),
      () => browser.post('/v1/invitations/lookup', { token: 'A'.repeat(43) }),
      () => browser.post('/v1/sign_in/passkey_options'),
    ];
    const answers: Answer[] = [];
    for (let count = 0; count < 28; count += 1) {
      const step = steps[count % steps.length];
      if (step !== undefined) answers.push(await step(count));
    }
    const limited = answers.filter(({ status }) => status === 429);
    assert.ok(limited.length >= 5, `${limited.length} of 28`);
    assert.equal(limited[0]?.body.code, 'rate_limited');
    assert.match(String(limited[0]?.headers['retry-after']), /^[1-9]\d*$/);
    for (const step of steps) assert.equal((await step(0)).status, 429);
    failed(await tryPassword(newBrowser(), 'person1@people.example'));
  });

  it('is not made easier by a genuine API key', async () => {
    const organization = await payos.operator.createOrganization('Shop');
    const { key } = await payos.operator.mint(organization);
    const browser = newBrowser();
    const body = { email: 'nobody@people.example', password: 'x' };
    const headers = { authorization: `Bearer ${key}` };
    const codes: string[] = [];
    for (let count = 0; count < 25; count += 1) {
      codes.push((await browser.post('/v1/sign_in/password', body, headers)).body.code);
    }
    assert.ok(codes.includes('rate_limited'), codes.join());
  });
});
