import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from './clock.ts';
import type { Db } from './db.ts';
import { Refusal } from './problem.ts';

const patienceMs = 15_000;
const againMs = 250;
const alive = { name: 'alive', text: 'SELECT 1' };

/**
 * Waits for a database that is still starting or slow to answer, a quarter of a minute at most.
 * Throws what it says when it refuses, and {@link Refusal} `unavailable` when the time is over.
 */
export async function awaitDatabase(db: Db): Promise<void> {
  const endMs = monotonicMs() + patienceMs;
  for (;;) {
    try {
      await db.run(alive, []);
      return;
    } catch (error) {
      if (!(error instanceof Refusal) || monotonicMs() > endMs) throw error;
      await sleep(againMs);
    }
  }
}
