import { hash, parseOptions, verify } from '@node-rs/argon2';
import { normalizePassword } from 'payos-contract';
import type { Metrics } from '../core/metrics.ts';
import { secretBytes } from '../core/random.ts';
import { type Place, Turns } from '../core/turns.ts';

/** argon2id, which is the library's default (ASVS 5.0 appendix C: m ≥ 47 104 KiB at t = 1). */
const cost = { memoryCost: 47_104, timeCost: 1, parallelism: 1 } as const;

/** A hash takes 46 MiB and a thread while it is made: so many at once, and so many in line. */
const atOnce = 4;
const lineMax = 200;
/** New recovery codes are made by one person at a time, beside that line: ten hashes each. */
const codesLineMax = 20;

/**
 * Hashes and checks what people know by heart or have on paper: passwords and recovery codes.
 * Every check costs one hash, also where there is nothing to compare with.
 */
export class Passwords {
  readonly #turns = new Turns(atOnce, lineMax);
  readonly #codeTurns = new Turns(1, codesLineMax);
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

  /**
   * Hashes new recovery codes one after the other, so that nobody who signs in waits for them.
   *
   * @throws ApiError `unavailable` when too many wait for theirs
   */
  hashCodes(codes: readonly string[]): Promise<string[]> {
    return this.#codeTurns.run(async () => {
      const hashes: string[] = [];
      for (const code of codes) hashes.push(await hash(normalizePassword(code), cost));
      return hashes;
    });
  }

  /** Takes a place in line for one check. @throws ApiError `unavailable` when the line is full */
  reserve(): Place {
    return this.#turns.reserve();
  }

  /** Whether `secret` is behind `stored`. Of nothing stored it does the same work and says no. */
  async check(
    stored: string | undefined,
    secret: string,
    place: Place = this.reserve(),
  ): Promise<boolean> {
    const against = stored ?? (await this.#nobody);
    return place.run(async () => {
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
