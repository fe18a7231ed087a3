import type { schemas } from 'payos-contract';
import type { BinTable } from './bins.ts';
import type { Card } from './card.ts';

/** Facts are looked up by eight digits, of which six are shown: see {@link displayOf}. */
const prefixLength = 8;

/**
 * Everything that is ever shown of a card, and the only place that decides it: the first six and
 * the last four digits (PCI DSS 3.4.1). Never eight digits anywhere, because two truncations of one
 * number add up to more of it (PCI SSC FAQ 1091).
 */
export function displayOf(card: Card, bins: BinTable): schemas.CardDisplay {
  const prefix = card.useNumber((digits) => Number(digits.toString('latin1', 0, prefixLength)));
  const { funding = null, country = null } = bins(prefix) ?? {};
  return { ...card.face(), funding, country };
}
