import type { schemas } from 'payos-contract';

const kinds = { credit: 'Credit card', debit: 'Debit card', prepaid: 'Prepaid card' } as const;
const regions = new Intl.DisplayNames('en', { type: 'region' });

/** What the issuer publishes about the number, in words; empty if nobody knows. */
export function issuedAs({ funding, country }: schemas.CardDisplay): string {
  const from = country === null ? undefined : `from ${regions.of(country) ?? country}`;
  return [funding === null ? undefined : kinds[funding], from].filter(Boolean).join(' ');
}

/** A card that ends within so many months is worth a word to its owner. */
const soonMonths = 2;

/** Whether the card has ended, or will within two months. */
export function endOf(
  { exp_month, exp_year }: schemas.CardDisplay,
  now: number,
): 'expired' | 'soon' | undefined {
  const today = new Date(now);
  const left = exp_year * 12 + exp_month - 1 - (today.getUTCFullYear() * 12 + today.getUTCMonth());
  if (left < 0) return 'expired';
  return left <= soonMonths ? 'soon' : undefined;
}
