import type { schemas } from 'payos-contract';
import type { Rights } from './check-rights.ts';
import { type Range, rangeOf } from './range.ts';

/**
 * Fields in which a key would be able to do more than before.
 *
 * @param usualRate requests per second of a key that has no limit of its own
 */
export function widenedFields(from: Rights, to: Rights, usualRate: number): string[] {
  const wider: Record<string, boolean> = {
    permissions: to.permissions.some((name) => !from.permissions.includes(name)),
    ip_ranges: rangesWiden(from.ip_ranges, to.ip_ranges),
    allowed_origins: listWidens(from.allowed_origins, to.allowed_origins),
    customers: listWidens(from.customers, to.customers),
    amount_limits: limitsWiden(from.amount_limits, to.amount_limits),
    rate_limit: (to.rate_limit ?? usualRate) > (from.rate_limit ?? usualRate),
    expires_at: isMore(timeOf(from.expires_at), timeOf(to.expires_at)),
  };
  return Object.keys(wider).filter((field) => wider[field]);
}

const timeOf = (time: string | null) => (time === null ? null : Date.parse(time));

/** Null is no bound at all. */
function isMore(from: number | null, to: number | null): boolean {
  return from !== null && (to === null || to > from);
}

/** An empty list binds to nothing. */
function listWidens(from: readonly string[], to: readonly string[]): boolean {
  if (from.length === 0) return false;
  return to.length === 0 || to.some((item) => !from.includes(item));
}

function rangesWiden(from: readonly string[], to: readonly string[]): boolean {
  if (from.length === 0) return false;
  const allowed = from.map(rangeOf);
  return to.length === 0 || to.map(rangeOf).some((range) => !allowed.some(holds(range)));
}

const holds =
  (inner: Range) =>
  (outer: Range): boolean =>
    inner.family === outer.family && inner.first >= outer.first && inner.last <= outer.last;

function limitsWiden(from: schemas.AmountLimit[], to: schemas.AmountLimit[]): boolean {
  if (from.length === 0) return false;
  return (
    to.length === 0 ||
    to.some((limit) => {
      const old = from.find(({ currency }) => currency === limit.currency);
      if (old === undefined) return true;
      return isMore(old.per_payment, limit.per_payment) || isMore(old.per_day, limit.per_day);
    })
  );
}
