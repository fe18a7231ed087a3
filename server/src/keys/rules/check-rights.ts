import {
  defaultKeyPermissions,
  isCurrency,
  keyPermissions,
  type Mode,
  type Permission,
  publishablePermissions,
  type schemas,
} from 'payos-contract';
import { checkRanges } from '../../core/check-ranges.ts';
import { type Query, statement } from '../../core/db.ts';
import { fieldError } from '../../core/errors.ts';
import type { ApiKeyRow } from '../key-row.ts';
import { checkOrigins } from './check-origins.ts';
import { checkExpiry } from './check-policy.ts';

/** What a key may do and from where: all that is given to it, and can be taken away again. */
export type Rights = Pick<
  ApiKeyRow,
  | 'permissions'
  | 'ip_ranges'
  | 'allowed_origins'
  | 'amount_limits'
  | 'customers'
  | 'rate_limit'
  | 'expires_at'
>;
type Kind = schemas.ApiKey['kind'];

const selectCustomers = statement(
  'keys.customers',
  'SELECT id FROM customers WHERE organization_id = $1 AND mode = $2 AND id = ANY($3)',
);

/** What a key gets that names no permissions. The vault makes tokens, and takes no signatures. */
export function usualPermissions(kind: Kind, mode: Mode): readonly Permission[] {
  if (kind === 'publishable') return publishablePermissions;
  const usual = defaultKeyPermissions(mode);
  return kind === 'signing' ? usual.filter((name) => name !== 'tokens:create') : usual;
}

/**
 * Checks what is asked for by itself, whoever asks, and writes it in one way: currencies in upper
 * case, origins as browsers send them.
 *
 * @throws ApiError `invalid_request` naming the field
 */
export function checkRights(kind: Kind, mode: Mode, asked: schemas.UpdateApiKey): Partial<Rights> {
  if (asked.permissions !== undefined) checkPermissions(kind, mode, asked.permissions);
  checkFits(kind, asked);
  checkRanges(asked.ip_ranges);
  const { permissions, ip_ranges, allowed_origins, amount_limits, customers } = asked;
  return {
    ...(permissions && { permissions: [...permissions] }),
    ...(ip_ranges && { ip_ranges }),
    ...(allowed_origins && { allowed_origins: checkOrigins(allowed_origins, mode) }),
    ...(amount_limits && { amount_limits: checkAmountLimits(amount_limits) }),
    ...(customers && { customers }),
    ...(asked.rate_limit !== undefined && { rate_limit: asked.rate_limit }),
    ...(asked.expires_at !== undefined && { expires_at: checkExpiry(asked.expires_at) }),
  };
}

function checkPermissions(kind: Kind, mode: Mode, asked: readonly Permission[]): void {
  const open = kind === 'publishable';
  const most = open ? publishablePermissions : keyPermissions(mode);
  const tooMuch = asked.find((name) => !most.includes(name));
  if (tooMuch === undefined) return;
  const reason = open
    ? 'A publishable key lies in the open and may not have'
    : `An API key of ${mode} mode may not have`;
  const fix = `Leave permissions out, or ${open ? 'mint a secret key' : 'name others'}.`;
  throw fieldError('/permissions', 'too_broad', `${reason} ${tooMuch}.`, fix);
}

/** Limits of servers say nothing of browsers, and origins nothing of servers. */
function checkFits(kind: Kind, asked: schemas.UpdateApiKey): void {
  const wrong =
    kind === 'publishable'
      ? (['ip_ranges', 'customers', 'amount_limits'] as const)
      : (['allowed_origins'] as const);
  const field = wrong.find((name) => (asked[name]?.length ?? 0) > 0);
  if (field === undefined) return;
  const message = `A ${kind} key has no ${field}.`;
  throw fieldError(`/${field}`, 'unfit', message, 'Leave it out.');
}

function checkAmountLimits(limits: readonly schemas.AmountLimit[]): schemas.AmountLimit[] {
  const seen = new Set<string>();
  return limits.map((limit, at) => {
    const currency = limit.currency.toUpperCase();
    const { per_payment, per_day } = limit;
    const refuse = (field: string, code: string, message: string, fix: string) =>
      fieldError(`/amount_limits/${at}/${field}`, code, message, fix);
    if (!isCurrency(currency)) {
      throw refuse('currency', 'unknown', `PayOS does not know ${currency}.`, 'Use ISO 4217.');
    }
    if (seen.has(currency)) {
      throw refuse('currency', 'twice', `${currency} is named twice.`, 'Name it once.');
    }
    if (per_payment !== null && per_day !== null && per_payment > per_day) {
      const message = 'One payment may not be larger than all of a day.';
      throw refuse('per_payment', 'too_large', message, 'Lower it, or raise per_day.');
    }
    seen.add(currency);
    return { currency, per_payment, per_day };
  });
}

/** @throws ApiError `invalid_request` when one of them is not a customer in this mode */
export async function checkCustomers(
  query: Query,
  { organization, mode }: { organization: string; mode: Mode },
  customers: readonly string[] = [],
): Promise<void> {
  if (customers.length === 0) return;
  const found = await query<{ id: string }>(selectCustomers, [organization, mode, customers]);
  const known = new Set(found.map(({ id }) => id));
  const at = customers.findIndex((id) => !known.has(id));
  if (at < 0) return;
  const message = 'There is no such customer in this mode.';
  throw fieldError(`/customers/${at}`, 'unknown', message, 'Name a customer of this mode.');
}
