import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import {
  type Cluster,
  cloneDatabases,
  type Databases,
  databaseUrl,
  dropDatabases,
  releaseCluster,
  useCluster,
} from '../../../../tools/harness/cluster.ts';
import { type Database, openDatabase } from '../../core/db.ts';
import { ApiError } from '../../core/errors.ts';
import { createLog } from '../../core/log.ts';
import { Nonces, sweepNonces } from './nonces.ts';

let cluster: Cluster;
let databases: Databases;
const opened: Database[] = [];
before(async () => {
  cluster = await useCluster();
  databases = await cloneDatabases(cluster);
});
after(async () => {
  await Promise.all(opened.map((db) => db.close()));
  await dropDatabases(cluster, databases);
  await releaseCluster();
});

/** As a server process has it. */
function open(): Database {
  const db = openDatabase({
    writeUrl: databaseUrl(cluster, 'payos_app', databases.control),
    readUrl: databaseUrl(cluster, 'payos_read', databases.control),
    pool: 4,
    name: 'test',
    log: createLog('silent', 'test'),
    indexesOnly: false,
  });
  opened.push(db);
  return db;
}

const key = (last: string) => `key_${last.padStart(22, '1')}`;
const seconds = () => Math.floor(Date.now() / 1000);
const code = (error: unknown) => (error instanceof ApiError ? error.code : String(error));

describe('a nonce', () => {
  it('is used once per key, over all processes', async () => {
    const [one, other] = [new Nonces(open()), new Nonces(open())];
    const signed = { keyId: key('a'), nonce: 'nonce-0123456789', created: seconds() };
    await one.use(signed);
    for (const nonces of [one, other]) {
      await assert.rejects(nonces.use(signed), { code: 'signature_replayed' });
      const later = { ...signed, created: signed.created + 1 };
      await assert.rejects(nonces.use(later), { code: 'signature_replayed' });
    }
    await other.use({ ...signed, keyId: key('b') });
    await other.use({ ...signed, nonce: 'NONCE-0123456789' });
  });

  it('that many use at once is used by one of them', async () => {
    const processes = [new Nonces(open()), new Nonces(open()), new Nonces(open())];
    const names = Array.from({ length: 40 }, (_, index) => `nonce-${index}`.padEnd(16, '-'));
    const created = seconds();
    const uses = processes.flatMap((nonces, turn) => {
      const order = turn === 1 ? [...names].reverse() : names;
      return [...order, ...order].map((nonce) => {
        return nonces.use({ keyId: key('c'), nonce, created }).then(() => nonce, code);
      });
    });
    const outcomes = await Promise.all(uses);
    assert.deepEqual(
      outcomes.filter((outcome) => outcome.startsWith('nonce-')).sort(),
      [...names].sort(),
    );
    const refused = outcomes.filter((outcome) => !outcome.startsWith('nonce-'));
    assert.deepEqual(new Set(refused), new Set(['signature_replayed']));
  });

  it('does not make two processes wait for each other for ever', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `nonce-${index + 10}`.padEnd(16, '-'));
    const created = seconds();
    const holder = await open().write.connect();
    await holder.query('BEGIN');
    // Both come to a stop half-way, with what comes before it already written.
    await holder.query(
      `INSERT INTO signature_nonces VALUES ('${key('f')}', '${names[30]}', now())`,
    );
    const outcomes = [names, [...names].reverse()].flatMap((order) => {
      const nonces = new Nonces(open());
      return order.map((nonce) => {
        return nonces.use({ keyId: key('f'), nonce, created }).then(() => 'taken', code);
      });
    });
    await setTimeout(500);
    await holder.query('ROLLBACK');
    holder.release();
    const told = await Promise.all(outcomes);
    assert.equal(told.filter((outcome) => outcome === 'taken').length, names.length);
    assert.equal(told.filter((outcome) => outcome === 'signature_replayed').length, names.length);
  });

  it('of a signature that is too old by the database clock is not taken', async () => {
    const nonces = new Nonces(open());
    const old = { keyId: key('d'), nonce: 'nonce-0123456789', created: seconds() - 61 };
    await assert.rejects(nonces.use(old), { code: 'invalid_signature' });
    await nonces.use({ ...old, created: seconds() - 50 });
  });

  it('is kept for as long as its signature can be taken, and a minute more', async () => {
    const db = open();
    const nonces = new Nonces(db);
    await nonces.use({ keyId: key('e'), nonce: 'nonce-0123456789', created: seconds() });
    const insert = `INSERT INTO signature_nonces
      SELECT '${key('e')}', 'old-' || n, now() - n * interval '1 second'
      FROM generate_series(1, 6000) AS n`;
    await db.write.query(insert);
    await sweepNonces(db);
    const { rows } = await db.write.query(
      `SELECT nonce FROM signature_nonces WHERE key_id = '${key('e')}' ORDER BY expires_at`,
    );
    assert.equal(rows.at(-1).nonce, 'nonce-0123456789');
    // Some seconds may pass between the two statements.
    assert.ok(rows.length > 50 && rows.length <= 61, `${rows.length} are left`);
  });
});
