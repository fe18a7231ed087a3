import { type Command, InvalidArgumentError } from 'commander';
import type { UpdateApiKey } from 'payos-sdk';
import { nowMs } from '../clock.ts';
import { commaList, wholeNumber } from '../parameters.ts';

type AmountLimits = NonNullable<UpdateApiKey['amount_limits']>;

/** What a key may do, from where and until when, as options of a command. */
export type RightsOptions = {
  service?: string;
  permissions?: NonNullable<UpdateApiKey['permissions']>;
  ipRanges?: string[];
  origins?: string[];
  limit?: AmountLimits;
  customers?: string[];
  rateLimit?: number | 'none';
  expires?: string;
};

/** Adds the options that {@link rightsOf} reads. `none` takes a bound away again. */
export function withRights(command: Command): Command {
  return command
    .option('--service <name>', 'the service that uses it, such as checkout')
    .option('--permissions <list>', 'such as payments:read,payments:write', commaList)
    .option('--ip-ranges <list>', 'where it works, such as 203.0.113.0/24; none: everywhere', list)
    .option('--origins <list>', 'of a publishable key, such as https://shop.example', list)
    .option('--limit <cap>', 'EUR:5000:100000: per payment, per day; repeatable', addLimit)
    .option('--customers <list>', 'ids of the only customers it works for', list)
    .option('--rate-limit <number>', 'requests per second', rateLimit)
    .option('--expires <when>', 'a time, such as 2027-01-31 or 90d; never', expiry);
}

/** The part of a request that these options are. */
export function rightsOf(options: RightsOptions): Omit<UpdateApiKey, 'name' | 'owner'> {
  const { service, permissions, ipRanges, origins, limit, customers, rateLimit, expires } = options;
  return {
    ...(service !== undefined && { service: service === 'none' ? null : service }),
    ...(permissions && { permissions }),
    ...(ipRanges && { ip_ranges: ipRanges }),
    ...(origins && { allowed_origins: origins }),
    ...(limit && { amount_limits: limit }),
    ...(customers && { customers }),
    ...(rateLimit !== undefined && { rate_limit: numberOf(rateLimit) }),
    ...(expires !== undefined && { expires_at: timeOf(expires) }),
  };
}

const list = (text: string): string[] => (text === 'none' ? [] : commaList(text));

/** What commander is given as null becomes an empty text: so it is a word until here. */
export const numberOf = (value: number | 'none') => (value === 'none' ? null : value);
/** The time for the API; null for a key that is to live for ever. */
export const timeOf = (value: string) => (value === 'never' ? null : value);

const rateLimit = (text: string): number | 'none' =>
  text === 'none' ? text : wholeNumber(1, 1_000_000)(text);

function addLimit(text: string, before: AmountLimits | undefined): AmountLimits {
  if (text === 'none') return [];
  const [, currency, payment, day] = /^([A-Za-z]{3}):(\d{1,12}|-):(\d{1,12}|-)$/.exec(text) ?? [];
  if (currency === undefined || payment === undefined || day === undefined) {
    throw new InvalidArgumentError('Write it like EUR:5000:100000, with - for no limit.');
  }
  const amount = (digits: string) => (digits === '-' ? null : Number(digits));
  const limit = { currency, per_payment: amount(payment), per_day: amount(day) };
  return [...(before ?? []), limit];
}

/** A commander parser: a date, a time, or a number of days from now. */
export function expiry(text: string): string {
  if (text === 'never') return text;
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  if (days !== undefined) return new Date(nowMs() + Number(days) * 86_400_000).toISOString();
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  if (/^\d{4}-\d\d-\d\dT/.test(time) && !Number.isNaN(Date.parse(time))) return time;
  throw new InvalidArgumentError('Write it like 2027-01-31, 2027-01-31T12:00:00Z, 90d or never.');
}
