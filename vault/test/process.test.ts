import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { watchLiveMode } from '../src/core/live-mode.ts';
import type { Log } from '../src/core/log.ts';
import { findStatementLogging, lasting } from '../src/core/statement-logging.ts';
import { goodCard, newAttempt, type Stage, setStage } from './stage.ts';
import { call, readAll, startProcessor, startVault } from './support.ts';

let stage: Stage;
let processor: Awaited<ReturnType<typeof startProcessor>>;
let url = '';
/** Resolved by the processor when a request has arrived; the answer waits for `let it go`. */
let arrived = Promise.withResolvers<void>();
let release = Promise.withResolvers<void>();

before(async () => {
  stage = await setStage({ PAYOS_VAULT_KEY_PROVIDER: 'keyring' });
  processor = await startProcessor(stage.ground, async (request, response) => {
    await readAll(request);
    arrived.resolve();
    await release.promise;
    response.end('{}');
  });
  url = processor.url;
});
after(async () => {
  await processor.close();
  await stage.close();
});

const forwardHosts = () => ({ PAYOS_FORWARD_HOSTS: `localhost:${processor.port}` });
const order = (token: string) => ({
  ...stage.owned(token),
  attempt: newAttempt(),
  retain: false,
  timeout_ms: 20_000,
  saved: false,
  not_after_ms: Date.now() + 60_000,
  request: { method: 'POST', url, headers: {}, body: { card: { number: '{{card.number}}' } } },
});

const accept = {
  PAYOS_ALLOW_KEYRING_FILE_IN_LIVE: 'yes, and I accept that the disk holds the root key',
};

describe('the process', () => {
  it('reports every mistake in its settings at once', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
      env: { PAYOS_VAULT_PORT: 'x', PAYOS_TYPO: '1', PAYOS_TLS_CERT_FILE: '/missing' },
    });
    const [output, [code]] = await Promise.all([readAll(child.stderr), once(child, 'exit')]);
    assert.equal(code, 1);
    for (const name of ['PAYOS_VAULT_PORT', 'PAYOS_TYPO', 'PAYOS_VAULT_DB_APP_URL']) {
      assert.match(output, new RegExp(`vault: ${name}`));
    }
    assert.doesNotMatch(output, /\n\s+at /);
  });

  it('refuses files that are missing or lie open, a taken port, and no database', async () => {
    const refusals: [Record<string, string>, RegExp][] = [
      [
        { PAYOS_TLS_KEY_FILE: '/missing' },
        /PAYOS_TLS_KEY_FILE: the file \/missing cannot be read: there is no such file/,
      ],
      [{ PAYOS_VAULT_PORT: String(stage.vault.port) }, /in use.*PAYOS_VAULT_PORT/],
      [{ PAYOS_VAULT_DB_APP_URL: 'postgres://x@127.0.0.1:1/x' }, /PAYOS_VAULT_DB_APP_URL/],
    ];
    for (const [more, message] of refusals) {
      const vault = await startVault(stage.ground, more);
      assert.equal(await vault.ended, 1);
      assert.match(vault.output(), message);
    }
    for (const mode of [0o644, 0o640]) {
      chmodSync(stage.ground.keyring, mode);
      const vault = await startVault(stage.ground, {});
      assert.equal(await vault.ended, 1);
      assert.match(vault.output(), /PAYOS_VAULT_KEYRING_FILE: .* mode 06(44|40).*chmod 600/);
    }
    chmodSync(stage.ground.keyring, 0o600);
  });

  it('finishes what it has begun before it stops, and also when its launcher is gone', async () => {
    for (const how of ['SIGTERM', 'disconnect'] as const) {
      arrived = Promise.withResolvers();
      release = Promise.withResolvers();
      const other = await setStage(forwardHosts(), stage.ground);
      const token = await other.createToken();
      const reply = other.ask('/internal/forward', { ...order(token), ...other.owned(token) });
      await arrived.promise;
      if (how === 'SIGTERM') other.vault.child.kill('SIGTERM');
      else other.vault.child.disconnect();
      await other.vault.said('stopping');
      release.resolve();
      assert.equal((await reply).json.outcome, 'answered');
      assert.equal(await other.vault.ended, 0);
      await other.close();
    }
  });

  it('has no memory in a core dump, and opens no debugger', async () => {
    const { pid = 0 } = stage.vault.child;
    const of = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
    assert.match(of('limits'), /^Max core file size +0 +0 /m);
    assert.match(of('coredump_filter'), /^0+$/m);
    stage.vault.child.kill('SIGUSR1');
    assert.equal((await stage.get('/livez')).status, 200);
    assert.doesNotMatch(stage.vault.output(), /Debugger listening/);
    // Nothing but its root is said to close live mode.
    const closed = stage.vault.output().match(/closed_in_live_mode.*/g) ?? [];
    assert.equal(closed.length, 1, closed.join(' '));
    assert.match(closed[0] ?? '', /The root of the keys is a file/);
  });

  it('tells what is weak about it, and takes no live cards then', async () => {
    const logged = (more: string) => `ALTER ROLE payos_vault_app IN DATABASE ${name} ${more}`;
    const [{ name } = { name: '' }] = await stage.ground.query('SELECT current_database() AS name');
    await stage.ground.query(logged('SET log_parameter_max_length = -1'));
    const settings = { ...accept, PAYOS_INTERNAL_PORT: String(stage.keyServer.port) };
    const weak = await startVault(stage.ground, { ...settings, NODE_DEBUG: 'none' }, []);
    await stage.ground.query(logged('RESET log_parameter_max_length'));
    await weak.said('log_parameter_max_length is -1');
    for (const what of ['--disable-sigusr1', 'NODE_DEBUG', 'log_parameter_max_length is -1']) {
      assert.match(weak.output(), new RegExp(`closed_in_live_mode.*${what}`));
    }
    weak.child.kill('SIGUSR1');
    await weak.said('debugger_refused');
    assert.doesNotMatch(weak.output(), /Debugger listening/);
    const live = stage.keyServer.addKey(stage.organization, 'live');
    for (const [key, code] of [
      [live, 'live_mode_unavailable'],
      [stage.key, undefined],
    ] as const) {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const tls = { ca: stage.ground.pem('ca.pem') };
      const body = JSON.stringify({ type: 'card', card: goodCard });
      const reply = await call({ port: weak.port, path: '/v1/tokens', headers, tls }, body);
      assert.equal(reply.json.code, code, reply.text);
    }
    await weak.stop();
  });

  it('takes no live cards while something is switched on that lets them out', async () => {
    const settings = { ...accept, PAYOS_INTERNAL_PORT: String(stage.keyServer.port) };
    const sound = await startVault(stage.ground, settings);
    const live = stage.keyServer.addKey(stage.organization, 'live');
    const isOpen = async () => {
      const headers = { authorization: `Bearer ${live}`, 'content-type': 'application/json' };
      const tls = { ca: stage.ground.pem('ca.pem') };
      const body = JSON.stringify({ type: 'card', card: goodCard });
      const reply = await call({ port: sound.port, path: '/v1/tokens', headers, tls }, body);
      return reply.json.code !== 'live_mode_unavailable';
    };
    assert.equal(await isOpen(), true);
    const filter = `/proc/${sound.child.pid}/coredump_filter`;
    writeFileSync(filter, '0x33');
    await sound.said('Core dumps hold memory');
    assert.equal(await isOpen(), false);
    writeFileSync(filter, '0');
    await sound.said('hardened_again');
    assert.equal(await isOpen(), true);
    await sound.stop();
  });

  it('looks again whether the database has begun to write down what it is asked', async () => {
    const { ground } = stage;
    const lines: string[] = [];
    const log: Log = (_level, event) => lines.push(event);
    let nowMs = 0;
    const find = () => findStatementLogging(ground.appUrl, log);
    const look = lasting(find, 60_000, () => nowMs);
    const liveMode = await watchLiveMode({ look, unfitRoot: undefined, log, everyMs: 20 });
    const [{ name } = { name: '' }] = await ground.query('SELECT current_database() AS name');
    const change = (what: string) =>
      ground.query(`ALTER ROLE payos_vault_app IN DATABASE ${name} ${what}`);
    assert.equal(liveMode.isOpen(), true);
    await change("SET log_statement = 'all'");
    while (liveMode.isOpen()) await delay(20);
    assert.match(liveMode.weaknesses().join(), /log_statement is all\. ALTER ROLE/);
    await change('RESET log_statement');
    while ((await find()).length > 0) await delay(20);
    await delay(100);
    assert.equal(liveMode.isOpen(), false, 'connections that began meanwhile are still there');
    nowMs = 60_001;
    while (!liveMode.isOpen()) await delay(20);
    await liveMode.stop();
    assert.equal(lines.filter((event) => event === 'closed_in_live_mode').length, 1);
  });
});

describe('the database role of the vault', () => {
  let client: pg.Client;
  before(async () => {
    client = new pg.Client({ connectionString: stage.ground.appUrl });
    await client.connect();
  });
  after(() => client.end());

  const forbidden = [
    `UPDATE cards SET sealed = ''`,
    `UPDATE tokens SET organization_id = 'x'`,
    `UPDATE tokens SET mode = 'live'`,
    `UPDATE tokens SET last4 = '0000'`,
    'DELETE FROM tokens',
    `UPDATE keks SET wrapped = ''`,
    'DELETE FROM keks',
    'DELETE FROM forwards',
    `UPDATE forwards SET attempt_id = 'x'`,
    'SELECT FROM audit_log',
    `UPDATE audit_log SET actor = 'x'`,
    'DELETE FROM audit_log',
    'TRUNCATE audit_log',
    'CREATE TABLE mine ()',
    'SELECT FROM schema_migrations',
    'COPY cards TO PROGRAM $$cat$$',
  ];
  for (const text of forbidden) {
    it(`may not: ${text}`, async () => {
      await assert.rejects(client.query(text), { code: '42501' });
    });
  }

  it('and even the owner cannot put a destination back that was removed', async () => {
    const { organization } = stage;
    const id = 'fdst_1111111111111111111111';
    const destination = { organization, mode: 'test', destination: id };
    const places = { content_type: 'application/json', fields: { number: ['/number'] } };
    const people = { requested_by: 'acc_1111111111111111111111', approved_by: null };
    const added = await stage.ask('/internal/forward-destinations/add', {
      ...{ ...destination, url: 'https://club.example/v1/', ...places, ...people },
    });
    assert.equal(added.status, 200, added.text);
    const removed = () => stage.ask('/internal/forward-destinations/remove', destination);
    assert.equal((await removed()).status, 200);
    for (const text of [
      'UPDATE forward_destinations SET removed_at = NULL WHERE id = $1',
      "UPDATE forward_destinations SET removed_at = now() + interval '1 day' WHERE id = $1",
    ]) {
      await assert.rejects(client.query(text, [id]), { code: '42501' }, text);
      await assert.rejects(stage.ground.query(text, [id]), { code: '42501' }, text);
    }
    assert.equal((await removed()).status, 200, 'twice is once');
  });

  it('and even the owner cannot change the audit log', async () => {
    await stage.createToken();
    for (const text of [
      `UPDATE audit_log SET actor = 'x'`,
      'DELETE FROM audit_log',
      'TRUNCATE audit_log',
    ]) {
      await assert.rejects(stage.ground.query(text), { code: '42501' }, text);
    }
  });
});

describe('somebody who writes to the database', () => {
  it('cannot swap two sealed cards', async () => {
    const other = await setStage(forwardHosts(), stage.ground);
    const one = await other.createToken();
    const two = await other.createToken({ ...goodCard, number: '5555555555554444' });
    await stage.ground.query(
      `UPDATE cards SET sealed = (SELECT sealed FROM cards other
         WHERE other.token_id = CASE cards.token_id WHEN $1 THEN $2 ELSE $1 END)
       WHERE token_id IN ($1, $2)`,
      [one, two],
    );
    for (const token of [one, two]) {
      const reply = await other.ask('/internal/forward', {
        ...order(token),
        ...other.owned(token),
      });
      assert.deepEqual([reply.json.outcome, reply.json.detail], ['not_sent', 'card_unreadable']);
    }
    await other.close();
  });

  it('cannot give one organization’s key to another', async () => {
    const organizations = await stage.ground.query(
      'SELECT DISTINCT organization_id AS id FROM keks',
    );
    assert.ok(organizations.length >= 2);
    await assert.rejects(
      stage.ground.query(
        `INSERT INTO keks SELECT md5('x'), 'org_other', mode, purpose, version, wrapped,
           key_check_value FROM keks LIMIT 1`,
      ),
      { code: '23505' },
    );
  });
});

describe('live mode over a keyring file', () => {
  it('opens when the operator accepts the risk in those words, with keys of its own', async () => {
    const other = await setStage({ ...accept, ...forwardHosts() }, stage.ground);
    const live = other.keyServer.addKey(other.organization, 'live');
    const test = await other.createToken();
    const token = await other.createToken(goodCard, { authorization: `Bearer ${live}` });
    const describeIn = (id: string, mode: 'test' | 'live') => other.describe(other.owned(id, mode));
    const shown = await describeIn(token, 'live');
    assert.equal(shown.card.last4, '4242');
    assert.notEqual(shown.fingerprint, (await describeIn(test, 'test')).fingerprint);
    assert.equal(await describeIn(token, 'test'), null);
    const reply = await other.ask('/internal/forward', {
      ...order(token),
      ...other.owned(token, 'live'),
    });
    assert.equal(reply.json.outcome, 'answered');
    const [keys] = await stage.ground.query(
      `SELECT count(*)::int AS n, count(DISTINCT key_check_value)::int AS different FROM keks
         WHERE organization_id = $1`,
      [other.organization],
    );
    assert.deepEqual(keys, { n: 4, different: 4 });
    await other.close();
    const vague = await startVault(stage.ground, { PAYOS_ALLOW_KEYRING_FILE_IN_LIVE: 'yes' });
    assert.equal(await vague.ended, 1);
  });
});

describe('a key in the database', () => {
  it('that is not what it was stops the vault at its start', async () => {
    const restore = await stage.ground.query('SELECT id, wrapped, key_check_value FROM keks');
    const attacks = [
      `UPDATE keks SET key_check_value = substring(sha256(key_check_value) for 16)`,
      `UPDATE keks SET wrapped = set_byte(wrapped, 20, 255 - get_byte(wrapped, 20))`,
      `UPDATE keks SET organization_id = organization_id || 'x'`,
    ];
    const before = await stage.ground.query('SELECT id, organization_id AS owner FROM keks');
    for (const attack of attacks) {
      await stage.ground.query(attack);
      const vault = await startVault(stage.ground, {});
      assert.equal(await vault.ended, 1, attack);
      assert.match(vault.output(), /does not open the keys/);
      for (const { id, wrapped, key_check_value } of restore) {
        const owner = before.find((row) => row.id === id)?.owner;
        await stage.ground.query(
          `UPDATE keks SET wrapped = $2, key_check_value = $3, organization_id = $4 WHERE id = $1`,
          [id, wrapped, key_check_value, owner],
        );
      }
    }
    const vault = await startVault(stage.ground, {});
    await vault.said('"event":"ready"');
    await vault.stop();
  });
});

describe('what is due', () => {
  it('is shredded by the sweeper', async () => {
    const expired = await stage.createToken();
    const kept = await stage.createToken();
    await stage.ask('/internal/tokens/keep', stage.owned(kept));
    await stage.post({ type: 'card', card: goodCard }, { 'idempotency-key': 'old' });
    await stage.ground.query('UPDATE tokens SET expires_at = now() WHERE id = $1', [expired]);
    await stage.ground.query(
      `UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'old'`,
    );
    await stage.restart();
    await stage.vault.said('swept');
    const cards = await stage.ground.query(
      'SELECT token_id FROM cards WHERE token_id IN ($1, $2)',
      [expired, kept],
    );
    assert.deepEqual(cards, [{ token_id: kept }]);
    const keys = await stage.ground.query(`SELECT FROM idempotency_keys WHERE key = 'old'`);
    assert.equal(keys.length, 0);
    const shown = await stage.describe(stage.owned(expired));
    assert.deepEqual([shown.expired, shown.fingerprint], [true, null]);
  });
});
