import type { schemas } from 'payos-contract';
import { BoundedMap } from '../core/bounded-map.ts';
import { type AddressRanges, createRanges } from '../core/ranges.ts';

/** A key that works, as the server said, ready to be held against requests. */
export type KnownKey = Omit<schemas.CheckedKey, 'ends_in_ms' | 'server'> & {
  /** Undefined: every address. */
  networks: AddressRanges | undefined;
};

/**
 * Leaves out how long the answer holds and who gave it: that is said of the answer, not the key.
 */
export function toKnownKey(checked: schemas.CheckedKey): KnownKey {
  const { ends_in_ms: _ends, server: _server, ...rest } = checked;
  const { ip_ranges: ranges } = rest;
  return { ...rest, networks: ranges.length === 0 ? undefined : createRanges(ranges) };
}

type KeyChange = schemas.KeyChanges['changes'][number];

const limit = 20_000;
/** Asked again after this long: our clock and the database's drift apart. */
const rememberMs = 60_000;

/**
 * Keys that work, by a keyed hash of the key. What is asked about while it changes must not get in:
 * whoever asks takes a witness first, which hears of every change from then on.
 *
 * @param clock milliseconds, monotonic
 */
export function createKeyMemory(clock: () => number) {
  const entries = new BoundedMap<string, { key: KnownKey; until: number }>(limit);
  /** Names by the id of the key: changes come by id. */
  const names = new Map<string, string>();
  const witnesses = new Set<KeyWitness>();

  function forget(name: string): void {
    const entry = entries.take(name);
    if (entry !== undefined) names.delete(entry.key.key);
  }

  return {
    get(name: string): KnownKey | undefined {
      const entry = entries.get(name);
      return entry !== undefined && entry.until > clock() ? entry.key : undefined;
    },

    /** @param endsAt when the key ends, by `clock`; undefined: it has no end */
    put(name: string, key: KnownKey, endsAt: number | undefined): void {
      const until = Math.min(clock() + rememberMs, endsAt ?? Number.POSITIVE_INFINITY);
      names.set(key.key, name);
      const gone = entries.set(name, { key, until });
      if (gone !== undefined) names.delete(gone.key.key);
    },

    change(change: KeyChange): void {
      for (const witness of witnesses) witness.hear(change);
      if (change.key !== null) {
        forget(names.get(change.key) ?? '');
        return;
      }
      const concerned = [...entries.entries()].filter(([, { key }]) => concerns(change, key));
      for (const [name] of concerned) forget(name);
    },

    /** Changes may have been missed. */
    clear(): void {
      for (const witness of witnesses) witness.hear(undefined);
      for (const name of [...names.values()]) forget(name);
    },

    witness(): KeyWitness {
      const heard: (KeyChange | undefined)[] = [];
      const witness: KeyWitness = {
        hear: (change) => heard.push(change),
        saw: (key) => heard.some((change) => change === undefined || concerns(change, key)),
        close: () => witnesses.delete(witness),
      };
      witnesses.add(witness);
      return witness;
    },
  };
}

export type KeyMemory = ReturnType<typeof createKeyMemory>;

/** Hears what changes while the server is asked. */
type KeyWitness = {
  /** `undefined`: anything may have. */
  hear: (change: KeyChange | undefined) => void;
  /** Whether the key may be another by now than what was answered. */
  saw: (key: KnownKey) => boolean;
  close: () => void;
};

function concerns(change: KeyChange, key: KnownKey): boolean {
  if (change.key !== null) return change.key === key.key;
  return change.organization === key.organization && change.mode === key.mode;
}
