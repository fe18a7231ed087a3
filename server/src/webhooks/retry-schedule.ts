const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits after the first, second, … failed attempt: the schedule of Standard Webhooks, 75.6 h. */
export const retryWaitsMs: readonly number[] = [
  ...[5 * second, 5 * minute, 30 * minute],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * hour),
];

type RetryQuestion = {
  /** How many attempts have been made, this one included. */
  attempts: number;
  /** The receiver's Retry-After header. */
  retryAfter: string | undefined;
  /** What the schedule's waits are multiplied by. */
  scale: number;
  /** In [0, 1). */
  random: number;
  nowMs: number;
};

/**
 * Milliseconds until the next attempt; undefined when there is none.
 *
 * The wait varies by ±20 %, so that what failed together does not come back together. A receiver's
 * Retry-After counts, between once and twice the schedule's wait: it can neither hurry us nor put
 * us off for ever.
 */
export function retryDelayMs(question: RetryQuestion): number | undefined {
  const { attempts, retryAfter, scale, random, nowMs } = question;
  const wait = retryWaitsMs[attempts - 1];
  if (wait === undefined) return undefined;
  const base = wait * scale;
  const asked = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, nowMs);
  if (asked === undefined) return Math.round(base * (0.8 + 0.4 * random));
  return Math.round(Math.min(Math.max(asked * (1 + 0.2 * random), base), 2 * base));
}

/** Seconds, or a date (RFC 9110 §10.2.3), as milliseconds from now. */
function parseRetryAfter(value: string, nowMs: number): number | undefined {
  if (/^\d{1,9}$/.test(value)) return Number(value) * second;
  const date = /GMT$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
