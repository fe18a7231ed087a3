import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Database } from '../../core/db.ts';
import { createLog } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import { KeyMemory } from '../verify-memory.ts';
import { KeyFeed } from './key-feed.ts';

it('without a database it tries again a few times a second, and not all the time', async () => {
  let tries = 0;
  const single = () => {
    tries += 1;
    if (tries > 50) throw new Error('it does not wait');
    return new pg.Client({ host: '/nowhere', user: 'nobody', database: 'nowhere' });
  };
  const feed = new KeyFeed({
    db: { single } as unknown as Database,
    memory: new KeyMemory(),
    log: createLog('fatal', 'server'),
    metrics: createMetrics(),
  });
  void feed.start();
  await sleep(1_000);
  assert.ok(tries >= 2 && tries <= 7, `${tries} tries`);
  await feed.stop();
});
