import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { clock } from './clock.ts';
import { databaseIsAway } from './db.ts';
import type { Log } from './log.ts';

const patienceMs = 30_000;
const againMs = 250;

/**
 * Waits for a database that is still starting or slow to answer, half a minute at most: whoever
 * starts together with it need not be started again.
 *
 * @throws what the database says, when it refuses or the time is over
 */
export async function awaitDatabase(pool: Pick<pg.Pool, 'query'>, log: Log): Promise<void> {
  const endMs = clock.monotonicMs() + patienceMs;
  for (let tries = 1; ; tries += 1) {
    try {
      await pool.query('SELECT 1');
      return;
    } catch (error) {
      const isAway = error instanceof Error && databaseIsAway(error);
      if (!isAway || clock.monotonicMs() > endMs) throw error;
      if (tries === 1) log.warn({ err: error }, 'waiting for the database');
      await sleep(againMs);
    }
  }
}
