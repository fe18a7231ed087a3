import type { IncomingMessage } from 'node:http';
import { monotonicMs } from './core/clock.ts';
import type { Db } from './core/db.ts';
import { describeError, type Log, type LogFields } from './core/log.ts';
import { Refusal } from './core/problem.ts';
import { createUnsealing, type Unsealing } from './operator/unsealing.ts';
import { kekTimes } from './seal/kek-memory.ts';
import { createKekStore, type KekStore } from './seal/kek-store.ts';
import { type KeyProvider, SealBroken } from './seal/key-provider.ts';
import { KeyServiceFailed, tryProvider } from './seal/key-service.ts';
import { startRewrapping } from './seal/rewrap-keys.ts';

export type Roots = {
  keks: KekStore;
  unsealing: Unsealing;
  /** Throws {@link Refusal} `unavailable`, with a word on why, when keys cannot be had. */
  checkReady: () => Promise<void>;
  stop: () => Promise<void>;
};

/**
 * The keys, once they have been looked at: at start, or, where custodians hold the root, when they
 * have given it.
 *
 * @param cacheMs nothing is opened with a key that was unwrapped longer ago than this
 */
export async function openRoots(
  db: Db,
  provider: KeyProvider,
  cacheMs: number,
  log: Log,
): Promise<Roots> {
  const keks = createKekStore(db, provider, monotonicMs, log, { ...kekTimes, cacheMs });
  const running = { rewrapping: async () => {} };
  const begin = async () => {
    await tryProvider(provider);
    await keks.checkDistinct();
    await keks.checkRoots();
    await keks.checkUsable();
    running.rewrapping = startRewrapping(db, provider, log);
  };
  const unsealing = createUnsealing({ db, provider, clock: monotonicMs, log, onOpen: begin });
  if (unsealing.isSealed) log('warn', 'sealed');
  else await begin();
  return {
    keks,
    unsealing,
    checkReady: createReadiness(keks, unsealing, log),
    stop: async () => {
      unsealing.forget();
      await running.rewrapping();
    },
  };
}

/** Why the vault cannot serve, for everybody to read: no more than which of three it is. */
type NotReady = 'sealed' | 'database' | 'key_service';

function createReadiness(keks: KekStore, unsealing: Unsealing, log: Log): () => Promise<void> {
  let last: NotReady | undefined;
  const refuse = (why: NotReady, more: LogFields = {}): never => {
    // Probes come every few seconds: told once, and again when it is another.
    if (why !== last) log('error', 'not_ready', { code: why, ...more });
    last = why;
    throw new Refusal('unavailable', { detail: why });
  };
  return async () => {
    if (unsealing.isSealed) return refuse('sealed');
    try {
      await keks.checkUsable();
    } catch (error) {
      const detail = error instanceof KeyServiceFailed ? { detail: error.reason } : {};
      return refuse(whyNotReady(error), { error: describeError(error), ...detail });
    }
    if (last !== undefined) log('info', 'ready_again');
    last = undefined;
  };
}

/** What goes wrong with a key once the database has given it is the fault of who unwraps it. */
function whyNotReady(error: unknown): NotReady {
  const isKey = error instanceof KeyServiceFailed || error instanceof SealBroken;
  return isKey ? 'key_service' : 'database';
}

/**
 * Nothing that has to do with cards is even looked at while the root is not there. Why is for the
 * log to say, and for the operator's socket.
 */
export function refuseWhileSealed({ unsealing }: Roots): (request: IncomingMessage) => void {
  return ({ url = '' }) => {
    if (unsealing.isSealed && /^\/(v1|internal)\//.test(url)) {
      throw new Refusal('unavailable');
    }
  };
}
