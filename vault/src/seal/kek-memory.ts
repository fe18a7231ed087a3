import { BoundedMap } from '../core/bounded-map.ts';
import { describeError, type Log } from '../core/log.ts';
import type { Kek } from './kek-store.ts';
import { KeyServiceFailed } from './key-service.ts';

/** How long keys are remembered, all in milliseconds. */
export type KekTimes = {
  /** Nothing is opened with a key that was unwrapped longer ago than this. */
  cacheMs: number;
  /** How long a failure of the key service is remembered, so that it is not asked for each card. */
  failureMs: number;
  /** How long the answer to {@link KekStore.checkUsable} holds for a service on the network. */
  probeMs: number;
};

export const kekTimes: KekTimes = { cacheMs: 300_000, failureMs: 1_000, probeMs: 10_000 };

const cacheLimit = 30_000;
/** The part of its time after which a key in use is unwrapped again, while requests go on. */
const refreshAfter = 0.75;

/** One remembered key; times on the store's clock. */
type Entry = { kek: Promise<Kek>; until: number; refreshAt: number };

/** Answers what is remembered under a name, or what `load` gives. */
type KekMemory = (name: string, load: () => Promise<Kek>) => Promise<Kek>;

/**
 * Keeps unwrapped keys as key objects, a bounded number of them for a bounded time: a root that was
 * disabled stops being of use when that is over. Keys in use are unwrapped again before, so that
 * nobody waits for the key service, and a short outage of it goes unnoticed.
 */
export function createKekMemory(
  clock: () => number,
  log: Log,
  { cacheMs, failureMs }: KekTimes,
): KekMemory {
  const cache = new BoundedMap<string, Entry>(cacheLimit);

  function remembered(name: string, load: () => Promise<Kek>): Promise<Kek> {
    const known = cache.get(name);
    const now = clock();
    if (known === undefined || known.until <= now) return begin(name, load, now);
    if (known.refreshAt <= now) refresh(name, known, load, now);
    return known.kek;
  }

  /** The time counts from before the key service was asked. */
  function begin(name: string, load: () => Promise<Kek>, now: number): Promise<Kek> {
    const entry = { kek: load(), until: now + cacheMs, refreshAt: now + cacheMs * refreshAfter };
    cache.set(name, entry);
    entry.kek.catch((error: unknown) => {
      if (error instanceof KeyServiceFailed) {
        log('error', 'key_service_failed', { detail: error.reason });
        entry.until = clock() + failureMs;
        entry.refreshAt = entry.until;
      } else if (cache.get(name) === entry) cache.take(name);
    });
    return entry.kek;
  }

  function refresh(name: string, known: Entry, load: () => Promise<Kek>, now: number): void {
    known.refreshAt = known.until;
    const kek = load();
    const entry = { kek, until: now + cacheMs, refreshAt: now + cacheMs * refreshAfter };
    kek.then(
      () => {
        if (cache.get(name) === known) cache.set(name, entry);
      },
      (error: unknown) => {
        const detail = error instanceof KeyServiceFailed ? error.reason : describeError(error);
        log('warn', 'key_refresh_failed', { detail });
        // Try again a few times before the time is over.
        known.refreshAt = clock() + cacheMs * ((1 - refreshAfter) / 5);
      },
    );
  }

  return remembered;
}
