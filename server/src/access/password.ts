import { hash, parseOptions, verify } from '@node-rs/argon2';
import { normalizePassword } from 'payos-contract';
import type { Metrics } from '../core/metrics.ts';
import { secretBytes } from '../core/random.ts';
import { Turns } from '../core/turns.ts';

/** argon2id, which is the library's default (ASVS 5.0 appendix C: m ≥ 47 104 KiB at t = 1). */
const cost = { memoryCost: 47_104, timeCost: 1, parallelism: 1 } as const;

/** A hash takes 46 MiB and a thread while it is made: so many at once, and so many in line. */
const atOnce = 4;
const lineMax = 200;

/**
 * Hashes and checks what people know by heart or have on paper: passwords and recovery codes.
 * Every check costs one hash, also where there is nothing to compare with.
 */
export class Passwords {
  readonly #turns = new Turns(atOnce, lineMax);
  readonly #metrics: Pick<Metrics, 'passwordChecks'>;
  readonly #nobody: Promise<string>;

  constructor(metrics: Pick<Metrics, 'passwordChecks'>) {
    this.#metrics = metrics;
    this.#nobody = this.hash(secretBytes(32).toString('base64'));
  }

  /** @returns the hash in PHC form, with its parameters and salt */
  hash(secret: string): Promise<string> {
    return this.#turns.run(() => hash(normalizePassword(secret), cost));
  }

  /** Whether `secret` is behind `stored`. Of nothing stored it does the same work and says no. */
  async check(stored: string | undefined, secret: string): Promise<boolean> {
    const against = stored ?? (await this.#nobody);
    return this.#turns.run(async () => {
      this.#metrics.passwordChecks.inc();
      const right = await verify(against, normalizePassword(secret));
      return right && stored !== undefined;
    });
  }
}

/** Whether a hash was made when less was asked of one: it is made anew at the next sign-in. */
export function isOutdated(stored: string): boolean {
  const { memoryCost, timeCost } = parseOptions(stored);
  return memoryCost < cost.memoryCost || timeCost < cost.timeCost;
}
