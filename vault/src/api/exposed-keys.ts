import { type schemas, secretKeysIn } from 'payos-contract';
import { describeError, type Log } from '../core/log.ts';
import { networkOf } from '../core/network-of.ts';
import type { RateLimiter } from '../core/rate-limit.ts';
import type { KeyServer } from './key-server.ts';

/** Reported at the same time, and waiting for it; what comes beyond that is not reported. */
const underWayMax = 8;
const waitingMax = 1_000;
/** Keys reported of one text: more than one is no accident. */
const keysMax = 3;
/** Reports of one network, a second: whoever sends junk in the open shall cost little. */
const reportsPerSecond = 5;
const timeoutMs = 5_000;

/**
 * Tells the server, which knows the keys, of secret keys that were sent where others can read them.
 * Nobody waits for it.
 */
export function createExposureReports(
  server: Pick<KeyServer, 'ask'>,
  limiter: RateLimiter,
  log: Log,
) {
  const waiting: schemas.ReportExposedKey[] = [];
  let underWay = 0;

  async function work(): Promise<void> {
    underWay += 1;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        await server.ask('/internal/exposed-keys', next, timeoutMs);
      } catch (error) {
        log('error', 'exposed_key_not_reported', { error: describeError(error) });
      }
    }
    underWay -= 1;
  }

  return {
    /** Answers whether there is a key in the text at all. */
    lookAt(text: string, how: schemas.ReportExposedKey['how'], address: string): boolean {
      const keys = secretKeysIn(text).slice(0, keysMax);
      for (const key of keys) {
        if (waiting.length >= waitingMax) break;
        if (!limiter.take(networkOf(address), reportsPerSecond).allowed) break;
        waiting.push({ key, how, address: address.slice(0, 45) });
        if (underWay < underWayMax) void work();
      }
      return keys.length > 0;
    },
  };
}

export type ExposureReports = ReturnType<typeof createExposureReports>;
