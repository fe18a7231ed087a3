import assert from 'node:assert/strict';
import { after, before, describe, it, mock } from 'node:test';
import { formatApiKey } from 'payos-contract';
import { openDatabase } from '../src/core/db.ts';
import { createLog } from '../src/core/log.ts';
import { createMetrics } from '../src/core/metrics.ts';
import { KeyMemory, KeyUses, KeyVerifier, loadPepper } from '../src/keys/index.ts';
import { DatabaseClock } from '../src/keys/propagation/database-clock.ts';
import { eventually, openSharedShop, type SharedShop } from './shop.ts';

let shop: SharedShop;
before(async () => {
  shop = await openSharedShop();
});
after(async () => shop?.stop());

type Minted = { id: string; key: string };
const mint = async (more: object): Promise<Minted> =>
  (await shop.operator.call('POST', '/operator/api_keys', {
    organization: shop.organization,
    mode: 'test',
    name: 'one of many',
    ...more,
  })) as Minted;
const read = (key: string, headers: Record<string, string> = {}) =>
  shop.api.call('GET', '/v1/customers', { key, headers });
const change = (id: string, what: string) =>
  shop.operator.call('POST', `/operator/api_keys/${id}/${what}`, {});
/** The same key but for its secret, with a checksum that fits. */
const wrongSecret = (key: string) =>
  formatApiKey('secret', 'test', key.slice(14, 26), 'B'.repeat(32));

function openOwn({ processes }: SharedShop) {
  const { environment } = processes.server;
  return openDatabase({
    writeUrl: environment['PAYOS_DB_APP_URL'] ?? '',
    readUrl: environment['PAYOS_DB_READ_URL'] ?? '',
    pool: 2,
    name: 'payos-test',
    log: createLog('error', 'server'),
    indexesOnly: false,
  });
}

describe('why a key does not work', () => {
  it('is told to whoever holds it, and to nobody else', async () => {
    const [disabled, revoked, elsewhere] = [
      await mint({}),
      await mint({}),
      await mint({ ip_ranges: ['203.0.113.0/24', '2001:db8::/32'] }),
    ];
    const expired = await mint({ expires_at: new Date(Date.now() + 1_000).toISOString() });
    await Promise.all([change(disabled.id, 'disable'), change(revoked.id, 'revoke')]);
    await eventually(async () => {
      return (await read(expired.key)).status === 401 ? true : undefined;
    }, 'the key expires');
    const codes = {
      disabled_api_key: disabled,
      revoked_api_key: revoked,
      expired_api_key: expired,
      ip_not_allowed: elsewhere,
    };
    for (const [code, { key }] of Object.entries(codes)) {
      assert.equal((await read(key)).body.code, code);
      const guessed = await read(wrongSecret(key));
      assert.equal(guessed.body.code, 'invalid_api_key', code);
    }
    assert.equal((await read(shop.secret, { 'payos-mode': 'live' })).body.code, 'wrong_mode');
    assert.equal((await read(shop.secret, { 'payos-mode': 'test' })).status, 200);
  });

  it('names the address that may not use it, and uses up nothing of what it may ask', async () => {
    const { key, id } = await mint({ ip_ranges: ['203.0.113.0/24'], rate_limit: 2 });
    for (let asks = 0; asks < 6; asks += 1) {
      const answer = await read(key);
      assert.equal(answer.status, 403);
      assert.match(answer.body.detail, /from 127\.0\.0\.1\.$|from ::1\.$/);
      assert.equal(answer.headers['ratelimit'], undefined);
    }
    const ranges = { ip_ranges: ['127.0.0.0/8', '::1/128'] };
    await shop.operator.call('PATCH', `/operator/api_keys/${id}`, ranges);
    assert.equal((await read(key)).status, 200);
  });

  it('is over when it is enabled again', async () => {
    const { key, id } = await mint({});
    assert.equal((await read(key)).status, 200);
    await change(id, 'disable');
    assert.equal((await read(key)).body.code, 'disabled_api_key');
    await change(id, 'enable');
    assert.equal((await read(key)).status, 200);
  });
});

describe('looking a key up', () => {
  it('is one question whatever is wrong with it, and leaves nothing in memory', async () => {
    const { environment } = shop.processes.server;
    const db = openOwn(shop);
    try {
      const memory = new KeyMemory();
      const verifier = new KeyVerifier({
        pepper: loadPepper(environment['PAYOS_KEY_PEPPER'] ?? ''),
        db,
        memory,
        databaseClock: new DatabaseClock(),
        isTrusted: () => true,
      });
      const asked = mock.method(db.write, 'query');
      const questions = async (key: string) => {
        const before = asked.mock.callCount();
        const code = await verifier.find(key).then(
          ({ state }) => state,
          (error: { code: string }) => error.code,
        );
        return [code, asked.mock.callCount() - before];
      };
      const revoked = await mint({});
      await change(revoked.id, 'revoke');
      const unknown = formatApiKey('secret', 'test', 'A'.repeat(12), 'B'.repeat(32));
      for (let times = 0; times < 2; times += 1) {
        assert.deepEqual(await questions('payos_sk_test_junk'), ['invalid_api_key', 0]);
        assert.deepEqual(await questions(unknown), ['invalid_api_key', 1]);
        assert.deepEqual(await questions(wrongSecret(shop.secret)), ['invalid_api_key', 1]);
        assert.deepEqual(await questions(revoked.key), ['revoked', 1]);
        assert.equal(memory.size, 0);
      }
      assert.deepEqual(await questions(shop.secret), ['usable', 1]);
      assert.deepEqual(await questions(shop.secret), ['usable', 0]);
      assert.equal(memory.size, 1);
      const many = Array.from({ length: 200 }, (_, at) =>
        formatApiKey('secret', 'test', String(at).padStart(12, 'C'), 'B'.repeat(32)),
      );
      const before = asked.mock.callCount();
      await Promise.allSettled(many.map((key) => verifier.find(key)));
      assert.ok(asked.mock.callCount() - before <= 8, `${asked.mock.callCount() - before}`);
      assert.equal(memory.size, 1);
    } finally {
      await db.close();
    }
  });
});

describe('uses of a key', () => {
  it('are kept for the latest addresses and clients only', async () => {
    const { id } = await mint({});
    const db = openOwn(shop);
    const log = createLog('error', 'server');
    const uses = new KeyUses({ db, log, metrics: createMetrics() });
    const use = { organization: shop.organization, key: id, address: '192.0.2.1' };
    for (let at = 0; at < 250; at += 1) {
      uses.note({ ...use, userAgent: `client ${at}`, atMs: Date.now() - 1e6 + at });
    }
    await uses.stop();
    const control = await shop.connect('control');
    try {
      const { rows } = await control.query(
        `SELECT count(*)::integer AS kept, bool_or(user_agent = 'client 0') AS oldest,
           bool_or(user_agent = 'client 249') AS latest FROM api_key_uses WHERE key_id = $1`,
        [id],
      );
      assert.deepEqual(rows[0], { kept: 200, oldest: false, latest: true });
    } finally {
      await Promise.all([control.end(), db.close()]);
    }
  });

  it('are counted by address, client and permission, and also when it is at its end', async () => {
    const { key, id } = await mint({});
    for (let asks = 0; asks < 3; asks += 1) await read(key, { 'user-agent': 'shop/1.0' });
    await read(key, { 'user-agent': 'sneaky 4242 4242 4242 4242' });
    await change(id, 'revoke');
    await read(key, { 'user-agent': 'forgotten/0.1' });
    const control = await shop.connect('control');
    try {
      const uses = await eventually(async () => {
        const { rows } = await control.query(
          `SELECT user_agent, requests, host(address) AS address FROM api_key_uses
           WHERE key_id = $1`,
          [id],
        );
        return rows.length >= 3 ? rows : undefined;
      }, 'uses are written');
      const counts = Object.fromEntries(uses.map((use) => [use.user_agent, Number(use.requests)]));
      assert.deepEqual(counts, { 'shop/1.0': 3, '[not recorded]': 1, 'forgotten/0.1': 1 });
      for (const { address } of uses) assert.match(address, /^127\.0\.0\.1$|^::1$/);
      const permissions = await eventually(async () => {
        const { rows } = await control.query(
          'SELECT permission, requests FROM api_key_permission_uses WHERE key_id = $1',
          [id],
        );
        return rows.length > 0 ? rows : undefined;
      }, 'permissions are written');
      assert.deepEqual(permissions, [{ permission: 'customers:read', requests: '4' }]);
    } finally {
      await control.end();
    }
  });
});
