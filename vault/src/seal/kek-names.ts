import { BoundedMap } from '../core/bounded-map.ts';
import type { KekName } from './record.ts';

const namesLimit = 30_000;
/** Nothing is sealed by what was looked up longer ago than this: another process may rotate. */
const knownMs = 2_000;
const refreshMs = 1_000;

type Entry = { names: Promise<KekName[]>; until: number; refreshAt: number };

/**
 * Which keys are in use, the active one first, as the database has it, remembered for at most two
 * seconds. Under load it is looked up beside requests, once a second.
 */
export function createKekNames(clock: () => number) {
  const known = new BoundedMap<string, Entry>(namesLimit);

  function look(what: string, load: () => Promise<KekName[]>, now: number): Entry {
    const entry = { names: load(), until: now + knownMs, refreshAt: now + refreshMs };
    entry.names.catch(() => {
      if (known.get(what) === entry) known.take(what);
    });
    return entry;
  }

  return {
    get(what: string, load: () => Promise<KekName[]>): Promise<KekName[]> {
      const now = clock();
      const entry = known.get(what);
      if (entry === undefined || entry.until <= now) {
        const looked = look(what, load, now);
        known.set(what, looked);
        return looked.names;
      }
      if (entry.refreshAt <= now) {
        entry.refreshAt = entry.until;
        const looked = look(what, load, now);
        looked.names.then(
          () => {
            // Forgotten meanwhile: then this may be what was not to be used any more.
            if (known.get(what) === entry) known.set(what, looked);
          },
          () => {},
        );
      }
      return entry.names;
    },
    forget(what: string): void {
      known.take(what);
    },
  };
}
