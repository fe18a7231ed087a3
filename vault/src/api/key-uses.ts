import type { schemas } from 'payos-contract';
import { BoundedMap } from '../core/bounded-map.ts';

type Use = Omit<schemas.AskKeyChanges['uses'][number], 'ago_ms'> & { at: number };

const limit = 10_000;

/**
 * Counts who uses which key from where, until it is reported to the server. Beyond the limit the
 * oldest go unreported.
 *
 * @param clock milliseconds, monotonic
 */
export function createKeyUses(clock: () => number) {
  const uses = new BoundedMap<string, Use>(limit);

  function add(use: Use): void {
    const name = [use.key, use.permission, use.address, use.user_agent].join('\n');
    const known = uses.get(name);
    if (known === undefined) uses.set(name, use);
    else Object.assign(known, { requests: known.requests + use.requests, at: use.at });
  }

  return {
    note(
      { organization, key }: { organization: string; key: string },
      permission: Use['permission'],
      address: string,
      userAgent: string,
    ): void {
      const at = clock();
      add({ organization, key, permission, address, user_agent: userAgent, requests: 1, at });
    },

    /** What to report; `putBack` when it did not arrive. */
    take(most: number) {
      const taken = [...uses.entries()].slice(0, most).map(([name]) => uses.take(name));
      const all = taken.filter((use) => use !== undefined);
      return {
        uses: all.map(({ at, ...use }) => ({
          ...use,
          ago_ms: Math.max(0, Math.round(clock() - at)),
        })),
        putBack: () => all.forEach(add),
      };
    },
  };
}

export type KeyUses = ReturnType<typeof createKeyUses>;
