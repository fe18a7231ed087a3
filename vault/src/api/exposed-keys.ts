import { type schemas, secretKeysIn } from 'payos-contract';
import { describeError, type Log } from '../core/log.ts';
import type { KeyServer } from './key-server.ts';

/** Reported at the same time; what comes beyond that is not. */
const underWayMax = 8;
/** Keys reported of one text: more than one is no accident. */
const keysMax = 3;
const timeoutMs = 5_000;

/**
 * Tells the server, which knows the keys, of secret keys that were sent where others can read them.
 * Nobody waits for it.
 */
export function createExposureReports(server: Pick<KeyServer, 'ask'>, log: Log) {
  let underWay = 0;

  async function report(exposed: schemas.ReportExposedKey): Promise<void> {
    if (underWay >= underWayMax) return;
    underWay += 1;
    try {
      await server.ask('/internal/exposed-keys', exposed, timeoutMs);
    } catch (error) {
      log('error', 'exposed_key_not_reported', { error: describeError(error) });
    } finally {
      underWay -= 1;
    }
  }

  return {
    /** Answers whether there is a key in the text at all. */
    lookAt(text: string, how: schemas.ReportExposedKey['how'], address: string): boolean {
      const keys = secretKeysIn(text).slice(0, keysMax);
      for (const key of keys) void report({ key, how, address: address.slice(0, 45) });
      return keys.length > 0;
    },
  };
}

export type ExposureReports = ReturnType<typeof createExposureReports>;
