import assert from 'node:assert/strict';
import { it } from 'node:test';
import pg from 'pg';
import { awaitDatabase } from './await-database.ts';
import { createLog } from './log.ts';

const log = createLog('error', 'server');
const saying = (...errors: Error[]) => {
  const asked = { times: 0 };
  const query = async () => {
    asked.times += 1;
    const error = errors.shift();
    if (error !== undefined) throw error;
  };
  return { asked, pool: { query } as unknown as pg.Pool };
};
const starting = () =>
  Object.assign(new pg.DatabaseError('starting up', 0, 'error'), { code: '57P03' });

it('a database that starts, or takes its time, is waited for', async () => {
  const slow = new Error('Connection terminated due to connection timeout');
  const { asked, pool } = saying(starting(), slow);
  await awaitDatabase(pool, log);
  assert.equal(asked.times, 3);
});

it('a database that refuses is not', async () => {
  const wrong = Object.assign(new pg.DatabaseError('no', 0, 'error'), { code: '28P01' });
  const { asked, pool } = saying(wrong);
  await assert.rejects(awaitDatabase(pool, log), wrong);
  assert.equal(asked.times, 1);
});
