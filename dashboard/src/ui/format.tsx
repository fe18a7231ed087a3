import { currencyExponent, isCurrency } from 'payos-contract';
import type { ReactNode } from 'react';
import { now } from '../clock.ts';

/** The pages are in English, and so are dates: in the English of the reader, if they have one. */
const language = navigator.languages.find((one) => /^en(-[A-Z]{2})?$/.test(one)) ?? 'en-GB';
const full = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
const exact = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' });
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
const count = new Intl.NumberFormat(language);

const steps: readonly [limit: number, unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  [3_600_000, 'minute', 60_000],
  [86_400_000, 'hour', 3_600_000],
  [14 * 86_400_000, 'day', 86_400_000],
];

/** `2 hours ago`; what lies more than two weeks away by its date. */
export function formatAgo(iso: string): string {
  const distance = Date.parse(iso) - now();
  if (Math.abs(distance) < 60_000) return distance <= 0 ? 'just now' : 'in a moment';
  for (const [limit, unit, ms] of steps) {
    if (Math.abs(distance) < limit) return relative.format(Math.round(distance / ms), unit);
  }
  return day.format(new Date(iso));
}

/** The reader's time zone, as a person knows it, e.g. `GMT+1`. */
export function timeZone(): string {
  const short = new Intl.DateTimeFormat(language, { timeZoneName: 'short' });
  const parts = short.formatToParts(now());
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** A time of the API in the reader's time zone; hovering shows it to the second, with the zone. */
export function DateTime({
  value,
  look = 'full',
}: {
  value: string;
  look?: 'full' | 'ago' | 'day';
}): ReactNode {
  const date = new Date(value);
  const text =
    look === 'ago' ? formatAgo(value) : look === 'day' ? day.format(date) : full.format(date);
  return (
    <time dateTime={value} title={exact.format(date)} className="number whitespace-nowrap">
      {text}
    </time>
  );
}

/** An amount in minor units as people write it, e.g. `€19.99`. */
export function formatMoney(amount: number, currency: string): string {
  const digits = isCurrency(currency) ? currencyExponent(currency) : 2;
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount / 10 ** digits);
}

export function Money({ amount, currency }: { amount: number; currency: string }): ReactNode {
  return <span className="number whitespace-nowrap">{formatMoney(amount, currency)}</span>;
}

export const formatNumber = (value: number): string => count.format(value);

/** `3 sessions`, `1 session`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${formatNumber(number)} ${number === 1 ? one : many}`;
}

/** A part as a percentage, e.g. `97.4 %`; a dash where there is no whole. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '–';
  const style = { style: 'percent', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language, style).format(part / whole);
}
