import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { inWords } from './explain.ts';

const brands: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'Amex',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
  unknown: 'Card',
};

export const brandName = (brand: string): string => brands[brand] ?? inWords(brand);

/** `Visa •••• 4242`, read out as "Visa ending in 4242". */
export function CardLabel({ card }: { card: schemas.CardDisplay }): ReactNode {
  return (
    <span className="number whitespace-nowrap">
      {brandName(card.brand)}{' '}
      <span aria-hidden="true" className="quiet tracking-tighter">
        ••••
      </span>
      <span className="sr-only">ending in</span> {card.last4}
    </span>
  );
}

/** `02 / 2031`. */
export function expiry({ exp_month, exp_year }: schemas.CardDisplay): string {
  return `${String(exp_month).padStart(2, '0')} / ${exp_year}`;
}
