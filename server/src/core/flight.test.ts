import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import {
  type Cluster,
  cloneDatabases,
  type Databases,
  databaseUrl,
  dropDatabases,
  releaseCluster,
  useCluster,
} from '../../../tools/harness/cluster.ts';
import { statement } from './db.ts';
import { askTogether, begin, columnTypes, commit, Gate } from './flight.ts';

let cluster: Cluster;
let databases: Databases;
let pool: pg.Pool;
before(async () => {
  cluster = await useCluster();
  databases = await cloneDatabases(cluster);
  const connectionString = databaseUrl(cluster, 'payos_owner', databases.control);
  pool = new pg.Pool({ connectionString, max: 1, types: columnTypes, query_timeout: 2_000 });
  await pool.query('CREATE TABLE marks (id text PRIMARY KEY)');
});
after(async () => {
  await pool?.end();
  await dropDatabases(cluster, databases);
  await releaseCluster();
});

const insert = statement('test.insert', 'INSERT INTO marks VALUES ($1) RETURNING id');
const count = statement('test.count', 'SELECT count(*) AS n FROM marks');
const types = statement(
  'test.types',
  `SELECT $1::text AS t, $2::int8 AS big, $3::bool AS yes, $4::bytea AS bytes,
     $5::text[] AS list, $6::timestamptz AS at, NULL::text AS nothing`,
);
const broken = statement('test.broken', 'SELECT nothing FROM nowhere');

async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  return work(client).finally(() => client.release());
}

const marks = async () => (await pool.query('SELECT id FROM marks ORDER BY id')).rows;

describe('a flight', () => {
  it('answers each statement, and reads and writes values as pg does', async () => {
    const at = new Date('2026-11-23T10:00:00.000Z');
    const bytes = Buffer.from([0, 92, 255]);
    const list = ['a', 'b"c', 'd\\e', '', '{,}'];
    const leg = { what: types, values: ['é', 5, true, bytes, list, at] };
    for (let times = 0; times < 2; times += 1) {
      const [[first] = [], [second] = []] = await askTogether(pool, [leg, leg]);
      assert.deepEqual(first, second);
      const shown = { t: 'é', big: 5, yes: true, bytes, list, nothing: null };
      assert.deepEqual(first, { ...shown, at: '2026-11-23T10:00:00.000Z' });
    }
  });

  it('commits nothing when a statement before the COMMIT fails', async () => {
    await withClient(async (client) => {
      const gate = new Gate(client);
      const asked = [
        gate.send(begin),
        gate.send(insert, ['lost']),
        gate.send(broken),
        gate.send(insert, ['lost too']),
        gate.close(commit),
      ];
      const outcomes = await Promise.allSettled(asked);
      const codes = outcomes.map((one) => one.status === 'rejected' && one.reason.code);
      assert.deepEqual(codes, Array(5).fill('42P01'));
      await client.query('ROLLBACK');
    });
    assert.deepEqual(await marks(), []);
  });

  it('knows afterwards which statements the connection has prepared', async () => {
    const other = statement('test.other', 'SELECT 2 AS two');
    await assert.rejects(askTogether(pool, [{ what: broken, values: [] }]), /nowhere/);
    const failing = [
      { what: count, values: [] },
      { what: insert, values: [null as never] },
      { what: other, values: [] },
    ];
    await assert.rejects(askTogether(pool, failing), /null value/);
    const legs = [other, count, insert].map((what) => {
      return { what, values: what === insert ? ['kept'] : [] };
    });
    const rows = await askTogether(pool, legs);
    assert.deepEqual(rows, [[{ two: 2 }], [{ n: 0 }], [{ id: 'kept' }]]);
  });

  it('takes what is asked in one turn, and nothing after its end', async () => {
    await withClient(async (client) => {
      const gate = new Gate(client);
      const early = gate.send(count);
      await null;
      const late = gate.close(count);
      await assert.rejects(gate.send(count), /comes after the end/);
      assert.deepEqual((await early).rows, (await late).rows);
    });
  });

  it('leaves nothing behind when it is canceled', async () => {
    await withClient(async (client) => {
      const gate = new Gate(client);
      const asked = [gate.send(begin), gate.send(insert, ['canceled']), gate.close(commit)];
      gate.cancel(new Error('changed my mind'));
      for (const one of asked) await assert.rejects(one, /changed my mind/);
    });
    assert.deepEqual(await marks(), [{ id: 'kept' }]);
  });

  it('fails when the connection does', async () => {
    await assert.rejects(
      withClient(async (client) => {
        client.on('error', () => {});
        const ending = statement('test.end', 'SELECT pg_terminate_backend(pg_backend_pid())');
        await new Gate(client).send(ending);
      }),
    );
  });
});
