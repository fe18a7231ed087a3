import { createSecretKey } from 'node:crypto';
import { BoundedMap } from './core/bounded-map.ts';
import { lengthPrefixed } from './core/bytes.ts';
import { secureBytes } from './core/random.ts';
import { gcmOpen, gcmSeal } from './seal/gcm.ts';
import type { Owner } from './seal/key-provider.ts';

const keepMs = 15 * 60_000;
const limit = 100_000;

/**
 * Where security codes wait for their authorization, and the only place they are ever in: the
 * memory of this process, sealed, for at most 15 minutes (PCI DSS 3.3.1, 3.3.2). They do not
 * survive a restart, by design. The key is made at start and never written.
 *
 * @param clock milliseconds, monotonic
 */
export function createCvcMemory(clock: () => number) {
  const seed = secureBytes(32);
  const key = createSecretKey(seed);
  seed.fill(0);
  const entries = new BoundedMap<string, { sealed: Buffer; until: number }>(limit);

  function burn(token: string): void {
    entries.take(token)?.sealed.fill(0);
  }

  return {
    /** Keeps the code of a token. The oldest code goes when there are too many. */
    put(owner: Owner, token: string, cvc: string): void {
      const plain = Buffer.from(cvc, 'latin1');
      const sealed = gcmSeal(key, aadOf(owner, token), plain);
      plain.fill(0);
      burn(token);
      entries.set(token, { sealed, until: clock() + keepMs })?.sealed.fill(0);
    },

    has(token: string): boolean {
      return (entries.get(token)?.until ?? 0) > clock();
    },

    /** The code, or nothing. It stays until {@link burn}: an authorization may yet be sent. */
    read(owner: Owner, token: string): string | undefined {
      const entry = entries.get(token);
      if (entry === undefined || entry.until <= clock()) return undefined;
      return gcmOpen(key, aadOf(owner, token), entry.sealed).toString('latin1');
    },

    /** Destroys a code. Called when the authorization was answered, approval or decline. */
    burn,

    /** Destroys those whose time is up. */
    sweep(): void {
      for (const [token, { until }] of entries.entries()) {
        if (until > clock()) return;
        burn(token);
      }
    },

    get size(): number {
      return entries.size;
    },
  };
}

export type CvcMemory = ReturnType<typeof createCvcMemory>;

function aadOf({ organization, mode }: Owner, token: string): Buffer {
  return lengthPrefixed(['payos/cvc/v1', mode, organization, token]);
}
