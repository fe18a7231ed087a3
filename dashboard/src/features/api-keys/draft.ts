import { isCurrency, type Permission, type schemas } from 'payos-contract';
import { amountText, parseAmount } from '../../shared/amount-input.ts';
import { entriesOf, rangesOf, withLines } from '../../shared/lines.ts';
import { type ApiKey, permissionsOf } from './data.ts';
import { type Expiry, expiryOf } from './expiry.ts';
import { custom, presetOf } from './presets.ts';

export type LimitDraft = {
  /** Tells the rows apart while they are being edited. */
  row: number;
  currency: string;
  perPayment: string;
  perDay: string;
};

/** A key as it is being edited: lists and amounts as the text they are typed in. */
export type KeyDraft = {
  kind: ApiKey['kind'];
  name: string;
  service: string;
  publicKey: string;
  preset: string;
  permissions: ReadonlySet<Permission>;
  ranges: string;
  origins: string;
  customers: string;
  rate: string;
  limits: readonly LimitDraft[];
  expiry: Expiry;
};

export const emptyDraft: KeyDraft = {
  kind: 'secret',
  name: '',
  service: '',
  publicKey: '',
  preset: custom,
  permissions: new Set(),
  ranges: '',
  origins: '',
  customers: '',
  rate: '',
  limits: [],
  expiry: { choice: 'never', date: '' },
};

export function draftOf(key: ApiKey): KeyDraft {
  const money = (amount: number | null, currency: string) =>
    amount === null ? '' : amountText(amount, currency);
  return {
    kind: key.kind,
    name: key.name,
    service: key.service ?? '',
    publicKey: '',
    preset: presetOf(key.permissions)?.id ?? custom,
    permissions: new Set(permissionsOf(key)),
    ranges: key.ip_ranges.join('\n'),
    origins: key.allowed_origins.join('\n'),
    customers: key.customers.join('\n'),
    rate: key.rate_limit === null ? '' : String(key.rate_limit),
    limits: key.amount_limits.map(({ currency, per_payment, per_day }, row) => ({
      row,
      currency,
      perPayment: money(per_payment, currency),
      perDay: money(per_day, currency),
    })),
    expiry: { choice: 'keep', date: '' },
  };
}

/** What is wrong with one amount; nothing with an empty one. */
export function amountProblem(text: string, currency: string): string | undefined {
  if (text.trim() === '' || !isCurrency(currency)) return undefined;
  return parseAmount(text, currency) === undefined
    ? `That is not an amount of ${currency}.`
    : undefined;
}

export const currencyOf = ({ currency }: LimitDraft): string => currency.trim().toUpperCase();

/** Whether a row can be sent. */
function isWhole(limit: LimitDraft): boolean {
  const currency = currencyOf(limit);
  const amounts = [limit.perPayment, limit.perDay];
  return (
    isCurrency(currency) && amounts.every((text) => amountProblem(text, currency) === undefined)
  );
}

export function isSendable({ kind, permissions, limits, expiry }: KeyDraft): boolean {
  if (kind !== 'publishable' && permissions.size === 0) return false;
  return limits.every(isWhole) && (expiry.choice !== 'date' || expiry.date !== '');
}

type Rights = Pick<
  Required<schemas.CreateApiKey>,
  'name' | 'service' | 'ip_ranges' | 'allowed_origins' | 'customers' | 'rate_limit'
> &
  Pick<schemas.CreateApiKey, 'permissions' | 'amount_limits'>;

/** What is typed, as it is sent, but for the end of the key. */
function rightsOf(draft: KeyDraft): Rights {
  const open = draft.kind === 'publishable';
  const unique = (text: string) => [...new Set(entriesOf(text))];
  return {
    name: draft.name.trim(),
    service: draft.service.trim() === '' ? null : draft.service.trim(),
    permissions: [...draft.permissions],
    ip_ranges: open ? [] : rangesOf(draft.ranges),
    allowed_origins: open ? unique(draft.origins) : [],
    customers: open ? [] : unique(draft.customers),
    rate_limit: draft.rate.trim() === '' ? null : Number(draft.rate),
    amount_limits: open ? [] : draft.limits.map(limitOf),
  };
}

function limitOf(limit: LimitDraft): schemas.AmountLimit {
  const currency = currencyOf(limit);
  const amount = (text: string) => parseAmount(text, currency) ?? null;
  return { currency, per_payment: amount(limit.perPayment), per_day: amount(limit.perDay) };
}

/**
 * What creates the key.
 *
 * @param latest the last end that the rules allow, in Unix milliseconds
 */
export function createBody(draft: KeyDraft, latest?: number): schemas.CreateApiKey {
  const { permissions = [], ...rights } = rightsOf(draft);
  const expires = expiryOf(draft.expiry, latest);
  return {
    ...rights,
    kind: draft.kind,
    ...(draft.kind === 'publishable' ? {} : { permissions }),
    ...(draft.kind === 'signing' ? { public_key: draft.publicKey.trim() } : {}),
    ...(expires === undefined ? {} : { expires_at: expires }),
  };
}

/** What differs from the key as it is: nothing else is sent, nor held against the rules. */
export function changesOf(key: ApiKey, draft: KeyDraft, latest?: number): schemas.UpdateApiKey {
  const before = rightsOf(draftOf(key));
  const expires = expiryOf(draft.expiry, latest);
  const fields = Object.entries(rightsOf(draft)).filter(
    ([name, value]) => textOf(value) !== textOf(before[name as keyof Rights]),
  );
  const ends = expires === undefined || expires === key.expires_at ? {} : { expires_at: expires };
  return { ...(Object.fromEntries(fields) as schemas.UpdateApiKey), ...ends };
}

/** The order of entries does not count. */
function textOf(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value ?? null);
  return JSON.stringify(value.map((one) => JSON.stringify(one)).toSorted());
}

/** What the API says of an entry of a list, with the line on which it was typed. */
export function withTypedLines(error: unknown, draft: KeyDraft): unknown {
  const { ip_ranges, allowed_origins, customers } = rightsOf(draft);
  return withLines(error, {
    ip_ranges: { text: draft.ranges, entries: ip_ranges },
    allowed_origins: { text: draft.origins, entries: allowed_origins },
    customers: { text: draft.customers, entries: customers },
  });
}
