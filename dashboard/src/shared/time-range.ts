/** Ranges that move with the clock, in minutes. */
export const ranges: readonly { value: string; label: string; minutes: number }[] = [
  { value: '30m', label: 'Last 30 minutes', minutes: 30 },
  { value: '1h', label: 'Last hour', minutes: 60 },
  { value: '24h', label: 'Last 24 hours', minutes: 24 * 60 },
  { value: '7d', label: 'Last 7 days', minutes: 7 * 24 * 60 },
  { value: '30d', label: 'Last 30 days', minutes: 30 * 24 * 60 },
];

/** What stands in the address for a range of times. */
export const rangeNames = ['range', 'created_after', 'created_before'] as const;

/** As the lists of the API take it. */
export type Created = { created_after?: string; created_before?: string };

/**
 * The span of time that an address means: `range=24h`, or `range=custom` with times of the reader.
 *
 * @param nowMs milliseconds since 1970; ranges begin at a full minute, so that the same address
 *   means the same for a while
 */
export function createdRange(params: URLSearchParams, nowMs: number): Created {
  const range = ranges.find(({ value }) => value === params.get('range'));
  if (range !== undefined) {
    const minute = Math.floor(nowMs / 60_000) - range.minutes;
    return { created_after: new Date(minute * 60_000).toISOString() };
  }
  if (params.get('range') !== 'custom') return {};
  const after = asInstant(params.get('created_after'));
  const before = asInstant(params.get('created_before'));
  return {
    ...(after === undefined ? {} : { created_after: after }),
    ...(before === undefined ? {} : { created_before: before }),
  };
}

/** `2026-11-23T10:00` of the reader's time zone as an instant. */
function asInstant(local: string | null): string | undefined {
  if (local === null || local === '') return undefined;
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
