import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { now } from '../../clock.ts';
import { Badge } from '../../ui/index.ts';
import { expiry } from '../payments/index.ts';
import { endOf } from './card-facts.ts';

/** `02 / 2031`, and a word when that is near or past. */
export function ExpiryLabel({ card }: { card: schemas.CardDisplay }): ReactNode {
  const end = endOf(card, now());
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <span className="number whitespace-nowrap">{expiry(card)}</span>
      {end === 'expired' && <Badge tone="danger">Expired</Badge>}
      {end === 'soon' && <Badge tone="warn">Expires soon</Badge>}
    </span>
  );
}
