import { clock } from './clock.ts';
import { ApiError } from './errors.ts';

/** The state of one limit after a request. Seconds are rounded up. */
export type RateVerdict = {
  allowed: boolean;
  /** Requests that may follow at once. */
  remaining: number;
  /** Seconds until the quota is whole again; of a refused request, until the next may come. */
  resetSeconds: number;
};

/** Buckets kept at most; the oldest go first, so that a flood of names cannot fill memory. */
const bucketsMax = 50_000;

/**
 * GCRA (generic cell rate algorithm): one number per name, exact, no timers. A name may burst up
 * to one window's worth (a second's, unless said otherwise) and then flows at that rate.
 */
export class RateLimiter {
  /** Theoretical arrival time per name, in monotonic milliseconds. */
  readonly #arrivals = new Map<string, number>();

  /** Counts one request of `name`. */
  take(name: string, quota: number, windowMs = 1000): RateVerdict {
    return this.#decide(name, quota, windowMs, true);
  }

  /** What {@link take} would say, without counting. */
  peek(name: string, quota: number, windowMs = 1000): RateVerdict {
    return this.#decide(name, quota, windowMs, false);
  }

  #decide(name: string, quota: number, windowMs: number, count: boolean): RateVerdict {
    const now = clock.monotonicMs();
    const interval = windowMs / quota;
    const burst = Math.max(windowMs, interval);
    const arrival = Math.max(this.#arrivals.get(name) ?? now, now);
    const next = arrival + interval;
    const allowed = next - now <= burst + 1e-6;
    if (allowed && count) this.#remember(name, next);
    const used = (allowed ? next : arrival) - now;
    const remaining = Math.max(0, Math.floor((burst - used) / interval + 1e-6));
    const waitMs = allowed ? used : next - now - burst;
    return { allowed, remaining, resetSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
  }

  #remember(name: string, arrival: number): void {
    this.#arrivals.delete(name);
    this.#arrivals.set(name, arrival);
    if (this.#arrivals.size <= bucketsMax) return;
    for (const oldest of this.#arrivals.keys()) {
      this.#arrivals.delete(oldest);
      break;
    }
  }
}

/**
 * Lets an allowed request pass.
 *
 * @param why what there was too much of, as a sentence; when to come back is added
 * @throws ApiError `rate_limited`
 */
export function requireTurn({ allowed, resetSeconds }: RateVerdict, why: string): void {
  if (allowed) return;
  const seconds = String(resetSeconds);
  const detail = `${why} Try again in ${seconds} s.`;
  throw new ApiError('rate_limited', { detail }, { 'retry-after': seconds });
}
