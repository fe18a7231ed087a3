import { type ErrorCode, schemas } from 'payos-contract';
import type { KeyServer } from '../api/key-server.ts';
import { describeError, type Log, type LogFields } from '../core/log.ts';
import { Refusal } from '../core/problem.ts';
import type { RateLimiter } from '../core/rate-limit.ts';

const timeoutMs = 5_000;
/** Of one key, a second: what is told beyond that changes nothing any more. */
const toldPerSecond = 20;

/**
 * Tells the server of reveals that were refused to a key that may read cards, so that it can close
 * the card gate at too many. Who is refused waits for that: when they hear of the last one that was
 * too many, the gate is closed. Refusals of anybody else are nothing to it: a stranger's requests
 * must not add up to a closed gate.
 */
export function createRefusalReports(
  server: Pick<KeyServer, 'ask'>,
  limiter: RateLimiter,
  log: Log,
) {
  /** @param notes with whose key it was, once the key was found good for reading cards */
  return async (error: unknown, notes: LogFields, address: string): Promise<void> => {
    const { organization, mode, actor: key } = notes;
    if (!(error instanceof Refusal) || key === undefined || !isCounted(error.code)) return;
    if (!limiter.take(key, toldPerSecond).allowed) return;
    const told = { organization, mode, key, code: error.code, address: address.slice(0, 45) };
    try {
      const { status } = await server.ask('/internal/reveal-refused', told, timeoutMs);
      if (status !== 200) log('error', 'reveal_refusal_not_told', { status });
    } catch (failure) {
      log('error', 'reveal_refusal_not_told', { error: describeError(failure) });
    }
  };
}

function isCounted(code: ErrorCode): boolean {
  return schemas.countedRefusals.some((one) => one === code);
}
