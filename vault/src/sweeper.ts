import type { Db } from './core/db.ts';
import { describeError, type Log } from './core/log.ts';
import type { CvcMemory } from './cvc-memory.ts';
import { sweep } from './tokens/expire-tokens.ts';

const everyMs = 60_000;

/** Shreds what is due once a minute. Answers how to stop it; stopping waits for a running sweep. */
export function startSweeper(db: Db, cvcs: CvcMemory, log: Log): () => Promise<void> {
  let running: Promise<void> | undefined;
  const run = () => {
    cvcs.sweep();
    running ??= sweep(db)
      .then(
        (count) => log(count === 0 ? 'debug' : 'info', 'swept', { count }),
        (error: unknown) => log('error', 'sweep_failed', { error: describeError(error) }),
      )
      .finally(() => {
        running = undefined;
      });
  };
  run();
  const timer = setInterval(run, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
