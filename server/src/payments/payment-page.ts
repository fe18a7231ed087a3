import { type RawBuilder, sql } from 'kysely';
import { allCurrencies, schemas } from 'payos-contract';
import type { Scope } from '../core/context.ts';
import { fieldError } from '../core/errors.ts';
import { along, type Condition, pageOfWays, type Way } from '../core/ways.ts';
import { type PaymentRow, paymentColumns } from './payment.ts';
import { waysOfSearch } from './search-payments.ts';

/**
 * The statement of one page of payments.
 *
 * @param seesCustomers whether payments may be found by what only customers tell of themselves
 */
export function paymentPage(
  scope: Scope,
  query: schemas.ListPayments,
  count: number,
  seesCustomers: boolean,
): RawBuilder<PaymentRow> {
  const { q } = query;
  return pageOfWays<PaymentRow>({
    table: 'payments',
    kind: 'payment',
    columns: sql.raw(paymentColumns),
    scope,
    query,
    where: [...details(query), ...(q === undefined ? [] : statusFilter(query))],
    ways: q === undefined ? waysOfStatus(scope, query) : waysOfSearch(scope, q, seesCustomers),
    count,
  });
}

function details(query: schemas.ListPayments): Condition[] {
  const { refunded, currency, customer, reference, last4, decline_code } = query;
  const found: Condition[] = [];
  if (refunded === true) found.push(sql`amount_refunded > 0`);
  if (refunded === false) found.push(sql`amount_refunded = 0`);
  if (currency !== undefined) found.push(sql`currency = ${currency.toUpperCase()}`);
  if (customer !== undefined) found.push(sql`customer_id = ${customer}`);
  if (reference !== undefined) {
    found.push(sql`lower(reference) COLLATE "C" = ${reference.toLowerCase()}`);
    found.push(sql`reference = ${reference}`);
  }
  if (last4 !== undefined) found.push(sql`card ->> 'last4' = ${last4}`);
  if (decline_code !== undefined) found.push(sql`decline_code = ${decline_code}`);
  return [...found, ...amounts(query)];
}

function amounts({ currency, amount_min, amount_max }: schemas.ListPayments): Condition[] {
  const found: Condition[] = [];
  if (amount_min !== undefined) found.push(sql`amount >= ${amount_min}`);
  if (amount_max !== undefined) found.push(sql`amount <= ${amount_max}`);
  // The index has the currency before the amount. Naming all of them excludes none.
  if (found.length > 0 && currency === undefined) {
    found.push(sql`currency = ANY (${[...allCurrencies]})`);
  }
  return found;
}

/** @throws ApiError `invalid_request` for what is no status */
function statusesOf({ status }: schemas.ListPayments): string[] {
  const named = status?.split(',') ?? [];
  if (named.every((one) => (schemas.paymentStatuses as readonly string[]).includes(one))) {
    return named;
  }
  const message = `\`query.status\` must be one of: ${schemas.paymentStatuses.join(', ')}.`;
  const fix = 'Send one of them, or several separated by commas.';
  throw fieldError('/query/status', 'wrong_value', message, fix);
}

/** What goes with a status that is seldom: an index leads to it, see 0006-search.sql. */
const companions: Partial<Record<string, Condition>> = {
  requires_capture: sql`capture = 'manual'`,
  canceled: sql`capture = 'manual'`,
  failed: sql`(decline_code IS NOT NULL OR failure IS NOT NULL)`,
};

function statusFilter(query: schemas.ListPayments): Condition[] {
  const statuses = statusesOf(query);
  if (statuses.length === 0) return [];
  const [first, ...others] = new Set(statuses.map((status) => companions[status]));
  const companion = first !== undefined && others.length === 0 ? [first] : [];
  return [...companion, sql`status = ANY (${statuses})`];
}

/**
 * A status that is seldom is found by what goes with it, because an index of the status itself
 * would have to be touched whenever a payment is settled.
 */
function waysOfStatus(scope: Scope, query: schemas.ListPayments): [Way, ...Way[]] {
  const [first, ...others] = statusesOf(query);
  if (first === undefined || [first, ...others].includes('succeeded')) {
    return [along(...statusFilter(query))];
  }
  const open = sql`id IN (SELECT payment_id FROM attempts
    WHERE organization_id = ${scope.organization} AND state IN ('sending', 'unknown'))`;
  const way = (status: string) => along(sql`status = ${status}`, companions[status] ?? open);
  return [way(first), ...others.map(way)];
}
