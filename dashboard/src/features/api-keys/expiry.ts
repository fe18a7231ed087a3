import type { schemas } from 'payos-contract';
import { now } from '../../clock.ts';

type Policy = Pick<schemas.ApiKeyPolicy, 'longest_expiry_days'>;
type Option = { value: string; label: string };

const dayMs = 86_400_000;
const usual = [30, 90, 180, 365];
const usualDays = 90;

/**
 * When a key ends. `latest`: the longest that the rules allow; `keep`: as it was; a number: that
 * many days from now.
 */
export type Expiry = { choice: string; date: string };

/** The last moment that the rules allow, in Unix milliseconds; undefined: any, also none. */
export function latestEnd(policy: Policy | undefined, createdAt?: string): number | undefined {
  const days = policy?.longest_expiry_days ?? null;
  const from = createdAt === undefined ? now() : Date.parse(createdAt);
  return days === null ? undefined : from + days * dayMs;
}

/** What may be chosen, shortest first. */
export function expiryOptions(latest: number | undefined): Option[] {
  const allowed = usual.filter((days) => latest === undefined || now() + days * dayMs < latest);
  const days = allowed.map((one) => ({ value: String(one), label: `In ${one} days` }));
  const last =
    latest === undefined
      ? { value: 'never', label: 'Never' }
      : { value: 'latest', label: 'As late as the rules allow' };
  return [...days, { value: 'date', label: 'On a day of your choice' }, last];
}

/** What a new key begins with: a quarter of a year, or less where the rules say so. */
export function usualExpiry(latest: number | undefined): Expiry {
  const fits = latest === undefined || now() + usualDays * dayMs < latest;
  return { choice: fits ? String(usualDays) : 'latest', date: '' };
}

/** Clocks differ: what is as late as possible must not be too late there. */
const marginMs = 60_000;

/**
 * As it is sent: null: never; undefined: not said.
 *
 * @param latest the last moment that the rules allow, in Unix milliseconds
 */
export function expiryOf({ choice, date }: Expiry, latest?: number): string | null | undefined {
  if (choice === 'never') return null;
  if (choice === 'keep') return undefined;
  if (choice === 'latest') {
    return latest === undefined ? undefined : new Date(latest - marginMs).toISOString();
  }
  if (choice === 'date') {
    // To the end of that day, where the person is.
    const end = new Date(`${date}T23:59:59`);
    return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
  }
  return new Date(now() + Number(choice) * dayMs).toISOString();
}

/** The day of a time as a date field takes it, where the person is. */
export function dayOf(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
