/** Query of `GET /v1/reports/payments`. */
export type ReportQuery = { from: string; to: string; interval: 'hour' | 'day'; time_zone: string };

export const periods = ['24h', '7d', '30d'] as const;
export type Period = (typeof periods)[number];

const hourMs = 3_600_000;
const settleMinutes = 10;

/** The time zone of the reader, as IANA calls it. */
const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const query = (from: Date, to: Date, interval: 'hour' | 'day'): ReportQuery => ({
  from: from.toISOString(),
  to: to.toISOString(),
  interval,
  time_zone: timeZone(),
});

/** Midnight of the reader, `days` away from today. */
function midnight(nowMs: number, days: number): Date {
  const now = new Date(nowMs);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
}

/** All of today, so that the same question finds what is still to come. */
export const todayQuery = (nowMs: number): ReportQuery =>
  query(midnight(nowMs, 0), midnight(nowMs, 1), 'day');

/** Yesterday until this time of day, to ten minutes. Undefined just after midnight. */
export function yesterdayQuery(nowMs: number): ReportQuery | undefined {
  const now = new Date(nowMs);
  const from = midnight(nowMs, -1);
  const to = new Date(from);
  const minutes = Math.floor(now.getMinutes() / settleMinutes) * settleMinutes;
  to.setHours(now.getHours(), minutes);
  return to > from ? query(from, to, 'day') : undefined;
}

/** The last 24 full hours, or days, with the one that goes on. */
export function periodQuery(period: Period, nowMs: number): ReportQuery {
  if (period === '24h') {
    const end = (Math.floor(nowMs / hourMs) + 1) * hourMs;
    return query(new Date(end - 24 * hourMs), new Date(end), 'hour');
  }
  const days = period === '7d' ? 7 : 30;
  return query(midnight(nowMs, 1 - days), midnight(nowMs, 1), 'day');
}
