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

export const paymentMethodColumns = `organization_id, id, mode, customer_id, token_id, card,
  created_at, kept_at, deleted_at`;

export type PaymentMethodRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  customer_id: string;
  token_id: string;
  card: schemas.CardDisplay;
  created_at: string;
  kept_at: string | null;
  deleted_at: string | null;
};

/** A saved card as the API and the events show it. The token behind it stays inside. */
export function toPaymentMethod(row: PaymentMethodRow): schemas.PaymentMethod {
  return {
    id: row.id,
    object: 'payment_method',
    mode: row.mode,
    customer: row.customer_id,
    type: 'card',
    card: row.card,
    created_at: row.created_at,
  };
}
