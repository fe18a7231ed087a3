import { createSecretKey, type KeyObject } from 'node:crypto';
import { BoundedMap } from './core/bounded-map.ts';
import { lengthPrefixed } from './core/bytes.ts';
import { secureBytes } from './core/random.ts';
import { gcmOpen, gcmSeal } from './seal/gcm.ts';
import type { Owner } from './seal/key-provider.ts';

/** How long a security code is kept at most, in milliseconds. */
export const cvcKeepMs = 15 * 60_000;
/** Codes of one organization and mode: who floods the memory drives out only its own. */
const limit = 25_000;

type Entry = { sealed: Buffer; until: number; attempt: string | undefined; session: string | null };

/**
 * Where security codes wait for their authorization, and the only place they are ever in: the
 * memory of this process, sealed, for at most 15 minutes (PCI DSS 3.3.1, 3.3.2). They do not
 * survive a restart, by design. The key is made at start and never written.
 *
 * A code belongs to a token: one made with the card, or one that stands for the code alone. What
 * was typed on the page of a checkout session is for that session, what was not is for none.
 *
 * @param clock milliseconds, monotonic
 */
export function createCvcMemory(clock: () => number) {
  const key = newKey();
  const entries = createEntries(clock);
  const { find, findFor, burn } = entries;

  function open(owner: Owner, token: string, { sealed }: Entry): string {
    return gcmOpen(key, aadOf(owner, token), sealed).toString('latin1');
  }

  return {
    /**
     * Keeps the code of a token, for less than {@link cvcKeepMs} where the token lives for less. An
     * owner with too many loses the oldest.
     */
    put(
      owner: Owner,
      token: string,
      cvc: string,
      session: string | null,
      livesMs = cvcKeepMs,
    ): void {
      const sealed = seal(key, owner, token, cvc);
      const until = clock() + Math.min(livesMs, cvcKeepMs);
      entries.set(owner, token, { sealed, until, attempt: undefined, session });
    },

    /** Whether the code is there, for this session or for none, and no attempt has it. */
    isFree(owner: Owner, token: string, session: string | null): boolean {
      const entry = findFor(owner, token, session);
      return entry !== undefined && entry.attempt === undefined;
    },

    /** The code, or nothing. It stays until {@link burn}: an authorization may yet be sent. */
    read(owner: Owner, token: string): string | undefined {
      const entry = find(owner, token);
      return entry && open(owner, token, entry);
    },

    /** The code, for one attempt: until it is released no other gets it. */
    claim(
      owner: Owner,
      token: string,
      attempt: string,
      session: string | null,
    ): string | undefined {
      const entry = findFor(owner, token, session);
      if (entry === undefined || (entry.attempt ?? attempt) !== attempt) return undefined;
      entry.attempt = attempt;
      return open(owner, token, entry);
    },

    /** Nothing was sent: another attempt may have the code, in what is left of its time. */
    release(owner: Owner, token: string, attempt: string): void {
      const entry = find(owner, token);
      if (entry?.attempt === attempt) entry.attempt = undefined;
    },

    /** Destroys a code. Called when the authorization was answered, approval or decline. */
    burn,

    /** Destroys those whose time is up. */
    sweep: entries.sweep,

    get size(): number {
      return entries.size;
    },
  };
}

export type CvcMemory = ReturnType<typeof createCvcMemory>;

/** What is kept, by owner and token. */
function createEntries(clock: () => number) {
  const owners = new Map<string, BoundedMap<string, Entry>>();

  function find(owner: Owner, token: string): Entry | undefined {
    const entry = owners.get(nameOf(owner))?.get(token);
    return entry !== undefined && entry.until > clock() ? entry : undefined;
  }

  function burn(owner: Owner, token: string): void {
    const own = owners.get(nameOf(owner));
    own?.take(token)?.sealed.fill(0);
    if (own?.size === 0) owners.delete(nameOf(owner));
  }

  return {
    find,

    findFor(owner: Owner, token: string, session: string | null): Entry | undefined {
      const entry = find(owner, token);
      return entry?.session === session ? entry : undefined;
    },

    burn,

    set(owner: Owner, token: string, entry: Entry): void {
      burn(owner, token);
      const own = owners.get(nameOf(owner)) ?? new BoundedMap<string, Entry>(limit);
      owners.set(nameOf(owner), own);
      own.set(token, entry)?.sealed.fill(0);
    },

    sweep(): void {
      for (const [owner, own] of owners) {
        dropEnded(own, clock());
        if (own.size === 0) owners.delete(owner);
      }
    },

    get size(): number {
      return [...owners.values()].reduce((sum, { size }) => sum + size, 0);
    },
  };
}

function newKey(): KeyObject {
  const seed = secureBytes(32);
  const key = createSecretKey(seed);
  seed.fill(0);
  return key;
}

function seal(key: KeyObject, owner: Owner, token: string, cvc: string): Buffer {
  const plain = Buffer.from(cvc, 'latin1');
  const sealed = gcmSeal(key, aadOf(owner, token), plain);
  plain.fill(0);
  return sealed;
}

function dropEnded(own: BoundedMap<string, Entry>, now: number): void {
  for (const [token, { sealed, until }] of own.entries()) {
    if (until > now) continue;
    own.take(token);
    sealed.fill(0);
  }
}

function nameOf({ organization, mode }: Owner): string {
  return `${organization} ${mode}`;
}

function aadOf({ organization, mode }: Owner, token: string): Buffer {
  return lengthPrefixed(['payos/cvc/v1', mode, organization, token]);
}
