import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { schemas } from 'payos-contract';
import type pg from 'pg';
import type { ApiClient } from '../../tools/harness/api-client.ts';
import { startDatabaseProxy } from '../../tools/harness/database-proxy.ts';
import { type FurtherServer, startFurtherServer } from '../../tools/harness/further-server.ts';
import { eventually, openShop, type Shop } from './shop.ts';

let shop: Shop;
let control: pg.Client;
let proxy: Awaited<ReturnType<typeof startDatabaseProxy>>;
/** Reaches the database through the proxy. */
let far: FurtherServer;
/** Reaches it directly. */
let other: FurtherServer;
const servers = () => [shop, other, far] as const;

before(async () => {
  shop = await openShop();
  control = await shop.connect('control');
  control.on('error', () => {});
  const { environment } = shop.processes.server;
  const { PAYOS_DB_APP_URL: write = '', PAYOS_DB_READ_URL: read = '' } = environment;
  proxy = await startDatabaseProxy(write);
  [other, far] = await Promise.all([
    startFurtherServer(shop),
    startFurtherServer(shop, {
      PAYOS_DB_APP_URL: proxy.through(write),
      PAYOS_DB_READ_URL: proxy.through(read),
    }),
  ]);
});
after(async () => {
  proxy?.mend();
  await Promise.all([other?.process.stop(), far?.process.stop()]);
  await proxy?.stop();
  await control?.end();
  await shop?.stop();
});

const list = (api: ApiClient, key: string) => api.get('/v1/customers', key);
const codeAt = async (api: ApiClient, key: string) => (await list(api, key)).body.code;

/** A key that every process remembers. */
async function rememberedKey(kind: 'secret' | 'publishable' = 'secret') {
  const minted = await shop.operator.mint(shop.organization, { kind });
  for (const { api } of servers()) {
    for (let asks = 0; asks < 2; asks += 1) {
      await eventually(async () => {
        const works = kind === 'secret' ? undefined : 'publishable_key_refused';
        return (await codeAt(api, minted.key)) === works ? true : undefined;
      }, 'the key works');
    }
  }
  return minted;
}

/** Changes a row behind everybody's back: only memory would not notice. */
const revokeSilently = (id: string) =>
  control.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [id]);

async function untilTrusted(api: ApiClient) {
  await eventually(async () => {
    const minted = await shop.operator.mint(shop.organization);
    if ((await list(api, minted.key)).status !== 200) return undefined;
    await revokeSilently(minted.id);
    const { status } = await list(api, minted.key);
    await shop.operator.revoke(minted.id);
    return status === 200 ? true : undefined;
  }, 'memory is trusted');
}

/** Waits until all who were told of the last change of a key have acknowledged it. */
async function untilAcknowledged(id: string): Promise<string[]> {
  return await eventually(async () => {
    const { rows } = await control.query(
      `SELECT nodes, ARRAY(SELECT node_id FROM key_change_acks WHERE change_id = c.id) AS acked
       FROM key_changes c WHERE key_id = $1 ORDER BY id DESC LIMIT 1`,
      [id],
    );
    const [change] = rows as { nodes: string[]; acked: string[] }[];
    return change?.nodes.every((node) => change.acked.includes(node)) ? change.nodes : undefined;
  }, 'every process acknowledges');
}

describe('a key in memory', () => {
  it('is used without asking the database', async () => {
    // On a slow machine a process may not trust its memory for a moment, and asks.
    for (const { api } of servers()) await untilTrusted(api);
  });

  it('is refused by every process as soon as they have acknowledged', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { key, id } = await rememberedKey();
      const { propagation } = (await shop.operator.call(
        'POST',
        `/operator/api_keys/${id}/revoke`,
        {},
      )) as { propagation: schemas.Propagation };
      // Three servers and the vault.
      const { nodes, acknowledged, waiting } = propagation;
      assert.deepEqual(
        { nodes, acknowledged, waiting },
        { nodes: 4, acknowledged: 4, waiting: [] },
      );
      assert.ok((propagation.milliseconds ?? 0) > 0);
      const codes = await Promise.all(servers().map(({ api }) => codeAt(api, key)));
      assert.deepEqual(codes, Array(3).fill('revoked_api_key'));
    }
  });
});

describe('a process that was stopped and wakes up', () => {
  it('accepts nothing that was revoked while it slept', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => rememberedKey()));
    await untilTrusted(other.api);
    other.process.signal('SIGSTOP');
    try {
      await sleep(1_200);
      await Promise.all(keys.map(({ id }) => shop.operator.revoke(id)));
      const asked = keys.map(({ key }) => codeAt(other.api, key));
      await sleep(200);
      other.process.signal('SIGCONT');
      assert.deepEqual(await Promise.all(asked), Array(5).fill('revoked_api_key'));
      for (const { id } of keys) await untilAcknowledged(id);
    } finally {
      other.process.signal('SIGCONT');
    }
  });
});

describe('a process that is cut off from the database', () => {
  it('trusts nothing it remembers after a second, says so, and recovers', async () => {
    // What such a key is told needs no database but to know the key.
    const { key, id } = await rememberedKey('publishable');
    await untilTrusted(far.api);
    proxy.cut();
    try {
      assert.equal(await codeAt(far.api, key), 'publishable_key_refused');
      await sleep(1_100);
      const refused = await list(far.api, key);
      assert.equal(refused.status, 503);
      assert.equal(refused.body.code, 'unavailable');
      const ready = await far.api.get('/readyz');
      assert.equal(ready.status, 503);
      assert.match(ready.body.detail, /^keys: memory not trusted for \d+ s/);
      await shop.operator.revoke(id);
    } finally {
      proxy.mend();
    }
    await untilAcknowledged(id);
    assert.equal(await codeAt(far.api, key), 'revoked_api_key');
    await eventually(async () => {
      return (await far.api.get('/readyz')).status === 200 ? true : undefined;
    }, 'it is ready again');
    await untilTrusted(far.api);
  });
});
