import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { ApiClient } from '../../tools/harness/api-client.ts';
import { startDatabaseProxy } from '../../tools/harness/database-proxy.ts';
import { type FurtherServer, startFurtherServer } from '../../tools/harness/further-server.ts';
import { eventually, openShop, type Shop } from './shop.ts';

/** What must not make a process miss a change: each of these would, done carelessly. */
let shop: Shop;
let control: pg.Client;
let proxy: Awaited<ReturnType<typeof startDatabaseProxy>>;
/** Reaches the database through the proxy. */
let far: FurtherServer;

before(async () => {
  shop = await openShop();
  control = await shop.connect('control');
  control.on('error', () => {});
  const { environment } = shop.processes.server;
  const { PAYOS_DB_APP_URL: write = '', PAYOS_DB_READ_URL: read = '' } = environment;
  proxy = await startDatabaseProxy(write);
  far = await startFurtherServer(shop, {
    PAYOS_DB_APP_URL: proxy.through(write),
    PAYOS_DB_READ_URL: proxy.through(read),
  });
});
after(async () => {
  proxy?.mend();
  await far?.process.stop();
  await proxy?.stop();
  await control?.end();
  await shop?.stop();
});

const codeAt = async (api: ApiClient, key: string) =>
  (await api.get('/v1/customers', key)).body.code as string | undefined;

/** Makes `api` remember a key, which is shown by changing the row behind its back. */
async function rememberedKey(api: ApiClient) {
  return await eventually(async () => {
    const minted = await shop.operator.mint(shop.organization);
    assert.equal(await codeAt(api, minted.key), undefined);
    const set = 'UPDATE api_keys SET revoked_at = $2 WHERE id = $1';
    await control.query(set, [minted.id, new Date()]);
    const isRemembered = (await codeAt(api, minted.key)) === undefined;
    await control.query(set, [minted.id, null]);
    return isRemembered ? minted : undefined;
  }, 'the key is remembered');
}

/** Waits until all who were told of the last change of a key have acknowledged it. */
async function untilAcknowledged(id: string): Promise<void> {
  await eventually(async () => {
    const { rows } = await control.query(
      `SELECT nodes <@ ARRAY(SELECT node_id FROM key_change_acks WHERE change_id = c.id) AS done
       FROM key_changes c WHERE key_id = $1 ORDER BY id DESC LIMIT 1`,
      [id],
    );
    return rows[0]?.done === true ? true : undefined;
  }, 'every process acknowledges');
}

describe('a change of a key is not missed', () => {
  it('when the connection that listens is lost meanwhile', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { key, id } = await rememberedKey(far.api);
      await control.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'payos-server-listener'`,
      );
      await shop.operator.revoke(id);
      await untilAcknowledged(id);
      assert.equal(await codeAt(far.api, key), 'revoked_api_key');
    }
  });

  it('when it commits long after others that began later, and without a notification', async () => {
    const late = await rememberedKey(far.api);
    const other = await rememberedKey(far.api);
    await control.query('BEGIN');
    await control.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [late.id]);
    await control.query(
      `INSERT INTO key_changes (organization_id, key_id, mode, nodes)
       VALUES ($1, $2, 'test', ARRAY(SELECT id FROM key_nodes))`,
      [shop.organization, late.id],
    );
    await shop.operator.revoke(other.id);
    await untilAcknowledged(other.id);
    // More than one look at the table goes by.
    await sleep(600);
    assert.equal(await codeAt(far.api, late.key), undefined);
    await control.query('COMMIT');
    await untilAcknowledged(late.id);
    assert.equal(await codeAt(far.api, late.key), 'revoked_api_key');
  });

  it('when the key is being looked up at that moment', async () => {
    const { key, id } = await shop.operator.mint(shop.organization);
    await rememberedKey(far.api);
    // The look-up reads the row, and the answer is still on its way when the key is revoked.
    proxy.holdAnswers('payos-server-listener');
    try {
      const before = codeAt(far.api, key);
      await sleep(300);
      await shop.operator.revoke(id);
      await untilAcknowledged(id);
      const afterwards = codeAt(far.api, key);
      await sleep(100);
      proxy.mend();
      assert.equal(await afterwards, 'revoked_api_key');
      assert.equal(await before, 'revoked_api_key');
      assert.equal(await codeAt(far.api, key), 'revoked_api_key');
    } finally {
      proxy.mend();
    }
  });

  it('by a process that somebody who changes a key may not know of yet', async () => {
    const { key, id } = await shop.operator.mint(shop.organization);
    // Who is at it may have counted the processes before the new one came.
    await control.query('BEGIN');
    await control.query('SELECT pg_current_xact_id()');
    const fresh = await startFurtherServer(shop);
    try {
      assert.equal(await codeAt(fresh.api, key), undefined);
      const set = 'UPDATE api_keys SET revoked_at = now() WHERE id = $1';
      const other = await shop.connect('control');
      await other.query(set, [id]).finally(() => other.end());
      assert.equal(await codeAt(fresh.api, key), 'revoked_api_key');
      await control.query('COMMIT');
      await rememberedKey(fresh.api);
    } finally {
      await control.query('ROLLBACK');
      await fresh.process.stop();
    }
  });

  it('when somebody sends notifications of their own', async () => {
    const { key, id } = await rememberedKey(far.api);
    const { rows } = await control.query('SELECT max(id) AS last FROM key_changes');
    const last = Number(rows[0].last);
    const forger = await shop.connect('control');
    const forge = async () => {
      for (const other of [shop.secretId, 'key_other']) {
        const forged = { organization: shop.organization, mode: 'test', key: other, created_ms: 0 };
        const some = Array.from({ length: 5 }, (_, at) => ({ id: last + 1 + at, ...forged }));
        const all = some.map((one) => JSON.stringify(one));
        await forger.query(`SELECT pg_notify('payos_keys', unnest($1::text[]))`, [all]);
      }
    };
    await forge();
    const forging = setInterval(forge, 20);
    for (const junk of ['', '{', 'null', '{"id":"x"}', '[]']) {
      await control.query(`SELECT pg_notify('payos_keys', $1)`, [junk]);
      await control.query(`SELECT pg_notify('payos_key_acks', $1)`, [junk]);
    }
    try {
      await shop.operator.revoke(id);
      await untilAcknowledged(id);
      assert.equal(await codeAt(far.api, key), 'revoked_api_key');
    } finally {
      clearInterval(forging);
      await forge();
      await forger.end();
    }
  });
});

describe('a key that is used all the time', () => {
  it('works up to the millisecond of its end, and not beyond', async () => {
    const end = Date.now() + 2_000;
    const { key } = (await shop.operator.call('POST', '/operator/api_keys', {
      organization: shop.organization,
      mode: 'test',
      name: 'ends soon',
      expires_at: new Date(end).toISOString(),
    })) as { key: string };
    const use = async (api: ApiClient) => {
      let last = 0;
      for (;;) {
        const began = Date.now();
        const code = await codeAt(api, key);
        if (code !== undefined) return { last, code };
        last = began;
      }
    };
    for (const { last, code } of await Promise.all([use(shop.api), use(far.api)])) {
      assert.equal(code, 'expired_api_key');
      assert.ok(last > 0 && last < end, `accepted ${last - end} ms after its end`);
    }
  });

  it('ends as soon as the rules of the organization end it', async () => {
    const { key, id } = await rememberedKey(far.api);
    await control.query(
      `UPDATE api_keys SET created_at = now() - interval '3 days' WHERE id = $1`,
      [id],
    );
    assert.equal(await codeAt(far.api, key), undefined);
    const path = `/operator/api_key_policy?organization=${shop.organization}&mode=test`;
    await shop.operator.call('PATCH', path, { max_age_days: 2, on_overdue: 'expire' });
    assert.equal(await codeAt(far.api, key), 'expired_api_key');
    await shop.operator.call('PATCH', path, { on_overdue: 'warn' });
    assert.equal(await codeAt(far.api, key), undefined);
  });
});

describe('a key that is revoked while a payment is made with it', () => {
  it('lets the payment come to its end, once', async () => {
    const { key, id } = await shop.operator.mint(shop.organization);
    const token = await shop.tokenize('4000000000000259');
    const body = { amount: 700, currency: 'EUR', token, reference: 'in flight' };
    const paying = shop.api.post('/v1/payments', key, body);
    await eventually(async () => {
      const { rows } = await control.query(`SELECT 1 FROM payments WHERE reference = 'in flight'`);
      return rows[0];
    }, 'the payment is begun');
    await shop.operator.revoke(id);
    assert.equal(await codeAt(shop.api, key), 'revoked_api_key');
    const paid = await paying;
    assert.equal(paid.status, 201, paid.text);
    assert.equal(paid.body.status, 'succeeded');
    const { rows } = await control.query(
      `SELECT a.id FROM attempts a JOIN payments p ON p.id = a.payment_id
       WHERE p.reference = 'in flight'`,
    );
    assert.equal(rows.length, 1);
  });
});
