import type { Mode, schemas } from 'payos-contract';

export const customerColumns = `organization_id, id, mode, reference, name, email, metadata,
  created_at`;

export type CustomerRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  reference: string | null;
  name: string | null;
  email: string | null;
  metadata: Record<string, string>;
  created_at: string;
};

/** A customer as the API and the events show it. */
export function toCustomer(row: CustomerRow): schemas.Customer {
  const { organization_id, ...rest } = row;
  return { object: 'customer', ...rest };
}

/** What was stored of a card before there was BIN data has none. */
export function toCardDisplay(stored: StoredCard): schemas.CardDisplay {
  return { funding: null, country: null, ...stored };
}

type StoredCard = Omit<schemas.CardDisplay, 'funding' | 'country'> &
  Partial<Pick<schemas.CardDisplay, 'funding' | 'country'>>;

export const paymentMethodColumns = `organization_id, id, mode, customer_id, token_id, card,
  fingerprint, created_at, updated_at, kept_at, deleted_at`;

export type PaymentMethodRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  customer_id: string;
  token_id: string;
  card: schemas.CardDisplay;
  fingerprint: string | null;
  created_at: string;
  updated_at: string;
  kept_at: string | null;
  deleted_at: string | null;
};

/**
 * A saved card as the API and the events show it. The token behind it stays inside. Events outlive
 * the card, so that they never have its fingerprint, which is derived from the number.
 */
export function toPaymentMethod(
  row: PaymentMethodRow,
  how: 'shown' | 'in an event' = 'in an event',
): schemas.PaymentMethod {
  return {
    id: row.id,
    object: 'payment_method',
    mode: row.mode,
    customer: row.customer_id,
    type: 'card',
    card: toCardDisplay(row.card),
    ...(how === 'shown' ? { fingerprint: row.fingerprint } : {}),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
