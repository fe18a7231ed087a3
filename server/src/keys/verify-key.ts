import { type KeyObject, timingSafeEqual } from 'node:crypto';
import { parseApiKey } from 'payos-contract';
import type { Database } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { hashKey, type PlainKey } from './hash-key.ts';
import type { DatabaseClock } from './propagation/database-clock.ts';
import type { VerifiedKey } from './verified-key.ts';
import { type Found, KeyLookups, selectById, selectByLookupId } from './verify-lookups.ts';
import type { KeyMemory } from './verify-memory.ts';

type Options = {
  pepper: KeyObject;
  db: Database;
  memory: KeyMemory;
  databaseClock: DatabaseClock;
  /** Whether every change of a key would be known here by now. */
  isTrusted: () => boolean;
};

/** Somebody's signing key, or nobody's. */
type FoundSigningKey = { key: VerifiedKey | undefined; miss: () => Promise<void> };

/** Compared against where the row has no secret. */
const nothing = Buffer.alloc(32);

/**
 * Finds out whose key was presented. What was found genuine and usable is remembered until it
 * changes; everything else is looked up each time: junk, wrong secrets and dead keys all go the
 * same way and are told apart by nobody but whoever holds the secret.
 */
export class KeyVerifier {
  readonly #options: Options;
  readonly #byLookupId: KeyLookups;
  readonly #byId: KeyLookups;

  constructor(options: Options) {
    this.#options = options;
    this.#byLookupId = new KeyLookups({ ...options, select: selectByLookupId });
    this.#byId = new KeyLookups({ ...options, select: selectById });
  }

  /**
   * A genuine key, in whatever state: whether it still works says {@link requireUsable}.
   *
   * @param presented what stood behind `Bearer `
   * @param beforeLookup called before the database is asked about a key not seen lately; may throw
   * @throws ApiError `invalid_api_key`; `unavailable` when it would have to be looked up and cannot
   */
  async find(presented: string, beforeLookup: () => void = () => {}): Promise<VerifiedKey> {
    const parsed = parseApiKey(presented);
    if (parsed === undefined) throw new ApiError('invalid_api_key');
    const hash = hashKey(this.#options.pepper, presented as PlainKey);
    const name = hash.toString('latin1');
    const remembered = this.#remembered(name);
    if (remembered !== undefined) return remembered;
    if (!this.#options.memory.knows(name)) beforeLookup();
    const found = await this.#byLookupId.ask(parsed.publicId);
    if (!timingSafeEqual(hash, found.hash ?? nothing)) throw new ApiError('invalid_api_key');
    this.#remember(name, found);
    return found.key;
  }

  /**
   * A signing key by its id. Whoever asks may be anybody: nothing about the key may be said before
   * the signature was checked.
   *
   * @param beforeLookup as with {@link find}
   * @returns `key` undefined when there is no such key. `miss` is for whoever turns out not to hold
   *   it: it makes up for what an unknown id would have cost, so that nobody is told by limits or
   *   by time which ids there are; it throws like `beforeLookup`
   */
  async findSigningKey(id: string, beforeLookup: () => void = () => {}): Promise<FoundSigningKey> {
    const remembered = this.#remembered(id);
    if (remembered !== undefined) {
      const miss = async () => {
        beforeLookup();
        await this.#byId.ask(id);
      };
      return { key: remembered, miss };
    }
    const isKnown = this.#options.memory.knows(id);
    if (!isKnown) beforeLookup();
    const found = await this.#byId.ask(id);
    const key = found.key.id === id ? found.key : undefined;
    if (key !== undefined) this.#remember(id, found);
    return { key, miss: async () => (isKnown ? beforeLookup() : undefined) };
  }

  /**
   * Says to whoever proved to hold the key why it does not work.
   *
   * @throws ApiError `revoked_api_key`, `expired_api_key`, `disabled_api_key`
   */
  requireUsable(key: VerifiedKey): void {
    if (key.state === 'revoked') throw new ApiError('revoked_api_key');
    if (this.#hasEnded(key)) throw new ApiError('expired_api_key');
    if (key.state === 'disabled') throw new ApiError('disabled_api_key');
  }

  /** Milliseconds until the key ends; undefined: it has no end. */
  leftMs({ endsAtMs }: VerifiedKey): number | undefined {
    return endsAtMs === undefined ? undefined : endsAtMs - this.#options.databaseClock.nowMs();
  }

  #remembered(name: string): VerifiedKey | undefined {
    const { isTrusted, memory } = this.#options;
    return isTrusted() ? memory.get(name) : undefined;
  }

  #remember(name: string, { key, witness }: Found): void {
    const { memory } = this.#options;
    if (key.state === 'usable' && !this.#hasEnded(key)) memory.put(name, key, witness);
    else memory.forget(name);
  }

  #hasEnded({ endsAtMs }: VerifiedKey): boolean {
    return endsAtMs !== undefined && endsAtMs <= this.#options.databaseClock.nowMs();
  }
}
