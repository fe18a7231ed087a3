import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { fieldError } from '../core/errors.ts';
import { idBounds, timeMs } from '../core/id-time.ts';

const dayMs = 86_400_000;
/** Longest span for each length of step: what a chart can show and one statement can read. */
const spanMaxMs = { hour: 8 * dayMs, day: 100 * dayMs };

type PaymentGroup = {
  /** Null in the groups by reason of decline. */
  currency: string | null;
  start: string;
  decline_code: string | null;
  payments: number;
  authorized: number;
  failed: number;
  open: number;
  captures: number;
  captured: number;
};
type RefundGroup = { currency: string; refunds: number; refunded: number };
type Step = { start: string };

// Ids lead to the span in the order of the lists; the times decide, see `idBounds`.
const within = `organization_id = $1 AND mode = $2 AND id > $3 AND id < $4
     AND created_at >= $5 AND created_at < $6`;
// Grouped in two ways at once, so that the payments are read only once.
const selectPayments = statement(
  'reports.payments',
  `SELECT currency, start, decline_code, count(*) AS payments,
     count(*) FILTER (WHERE status IN ('succeeded', 'requires_capture', 'canceled')) AS authorized,
     count(*) FILTER (WHERE status = 'failed') AS failed,
     count(*) FILTER (WHERE status = 'processing') AS open,
     count(*) FILTER (WHERE amount_captured > 0) AS captures,
     sum(amount_captured)::bigint AS captured
   FROM (SELECT currency, date_trunc($7, created_at, $8) AS start, decline_code, status,
       amount_captured
     FROM payments WHERE ${within}) made
   GROUP BY GROUPING SETS ((currency, start), (decline_code))
   HAVING currency IS NOT NULL OR decline_code IS NOT NULL`,
);
const selectRefunds = statement(
  'reports.refunds',
  `SELECT currency, count(*) AS refunds, sum(amount)::bigint AS refunded
   FROM refunds WHERE ${within} AND status = 'succeeded' GROUP BY 1`,
);
const selectSteps = statement(
  'reports.steps',
  `SELECT start FROM generate_series(date_trunc($3, $1::timestamptz, $4), $2::timestamptz,
     ('1 ' || $3)::interval, $4) AS start WHERE start < $2::timestamptz`,
);

/**
 * Totals of a span of time, per currency: amounts of different currencies are never added up.
 *
 * @throws ApiError `invalid_request` when the span is empty or too long, or the zone unknown
 */
export async function reportPayments(
  ctx: ScopedContext,
  query: schemas.ReportPayments,
): Promise<schemas.PaymentReport> {
  const { from, to, interval = 'day', time_zone = 'UTC' } = query;
  requireSpan(query, interval);
  requireTimeZone(time_zone);
  const values = (kind: 'payment' | 'refund') => {
    const bounds = idBounds(kind, { created_after: from, created_before: to });
    const { above = '', below = '' } = bounds;
    return [ctx.scope.organization, ctx.scope.mode, above, below, from, to];
  };
  const [groups, refunds, steps] = await Promise.all([
    ctx.db.read<PaymentGroup>(selectPayments, [...values('payment'), interval, time_zone]),
    ctx.db.read<RefundGroup>(selectRefunds, values('refund')),
    ctx.db.read<Step>(selectSteps, [from, to, interval, time_zone]),
  ]);
  const names = new Set([...groups, ...refunds].map(({ currency }) => currency));
  const currencies = [...names].flatMap((currency) => {
    if (currency === null) return [];
    const own = groups.filter((group) => group.currency === currency);
    const returned = refunds.find((one) => one.currency === currency);
    return [reportOf(currency, own, returned, steps)];
  });
  currencies.sort((a, b) => b.payments - a.payments || (a.currency < b.currency ? -1 : 1));
  const declines = declinesOf(groups);
  return { object: 'payment_report', from, to, interval, time_zone, currencies, declines };
}

const declinesShown = 10;

function declinesOf(groups: readonly PaymentGroup[]): schemas.PaymentReport['declines'] {
  const declines = groups.flatMap(({ decline_code, payments }) =>
    decline_code === null ? [] : [{ decline_code, payments }],
  );
  const byCount = (a: (typeof declines)[0], b: (typeof declines)[0]) =>
    b.payments - a.payments || (a.decline_code < b.decline_code ? -1 : 1);
  return declines.sort(byCount).slice(0, declinesShown);
}

function reportOf(
  currency: string,
  groups: readonly PaymentGroup[],
  refunds: RefundGroup | undefined,
  steps: readonly Step[],
): schemas.CurrencyReport {
  const sum = (pick: (group: PaymentGroup) => number) =>
    groups.reduce((total, group) => total + pick(group), 0);
  const authorized = sum((group) => group.authorized);
  const failed = sum((group) => group.failed);
  const captured = sum((group) => group.captured);
  const captures = sum((group) => group.captures);
  const byStart = new Map(groups.map((group) => [group.start, group]));
  return {
    currency,
    payments: sum((group) => group.payments),
    authorized,
    failed,
    open: sum((group) => group.open),
    success_rate: authorized + failed === 0 ? null : authorized / (authorized + failed),
    captured,
    refunded: refunds?.refunded ?? 0,
    refunds: refunds?.refunds ?? 0,
    average: captures === 0 ? null : Math.round(captured / captures),
    series: steps.map(({ start }) => stepOf(start, byStart.get(start))),
  };
}

function stepOf(start: string, group: PaymentGroup | undefined): schemas.ReportStep {
  const { payments = 0, authorized = 0, failed = 0, captured = 0 } = group ?? {};
  return { start, payments, authorized, failed, captured };
}

function requireSpan({ from, to }: schemas.ReportPayments, interval: 'hour' | 'day'): void {
  const length = timeMs(to) - timeMs(from);
  if (length > 0 && length <= spanMaxMs[interval]) return;
  const days = spanMaxMs[interval] / dayMs;
  const message =
    length > 0
      ? `By ${interval}, a report spans at most ${days} days.`
      : '`to` is not after `from`.';
  throw fieldError('/query/to', 'out_of_range', message, 'Move `from` or `to`.');
}

function requireTimeZone(name: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    const message = `\`time_zone\` is no time zone that is known here: ${name}.`;
    throw fieldError('/query/time_zone', 'wrong_value', message, 'Send an IANA name, e.g. UTC.');
  }
}
