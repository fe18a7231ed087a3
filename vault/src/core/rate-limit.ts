import { BoundedMap } from './bounded-map.ts';

type Verdict = {
  allowed: boolean;
  /** Requests that could follow at once. */
  remaining: number;
  /** Whole seconds until the full quota is there again. */
  reset: number;
  /** Whole seconds until a request is allowed again; 0 when it is. */
  retryAfter: number;
};

/**
 * Rate limiter by the generic cell rate algorithm: one number per key, no windows to game. Each key
 * may burst up to one second's worth.
 *
 * @param capacity keys remembered at most; the one not seen for longest is forgotten first
 * @param clock milliseconds, monotonic
 */
export function createRateLimiter(capacity: number, clock: () => number) {
  const arrivals = new BoundedMap<string, number>(capacity);

  function look(key: string, perSecond: number, spend: boolean): Verdict {
    const now = clock();
    const interval = 1000 / perSecond;
    const due = Math.max(arrivals.get(key) ?? now, now);
    const next = due + interval;
    const allowed = next - now <= 1000 + interval / 1000;
    if (allowed && spend) arrivals.set(key, next);
    const ahead = (allowed && spend ? next : due) - now;
    return {
      allowed,
      remaining: Math.max(0, Math.floor((1000 - ahead) / interval + 1e-6)),
      reset: Math.ceil(ahead / 1000),
      retryAfter: allowed ? 0 : Math.max(1, Math.ceil((next - 1000 - now) / 1000)),
    };
  }

  return {
    /** Counts one request of `key`. */
    take: (key: string, perSecond: number) => look(key, perSecond, true),
    /** Whether one would be allowed, without counting it. */
    peek: (key: string, perSecond: number) => look(key, perSecond, false),
  };
}

export type RateLimiter = ReturnType<typeof createRateLimiter>;
