import type { Mode, schemas } from 'payos-contract';

export const sessionColumns = `organization_id, id, mode, status, amount, currency, reference,
  description, return_url, cancel_url, customer_id, save_payment_method, saved_card_code,
  metadata, key_id,
  payment_id, tries, problem, expires_at, completed_at, created_at, updated_at`;

export type SessionRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  status: schemas.CheckoutSession['status'];
  amount: number;
  currency: string;
  reference: string;
  description: string | null;
  return_url: string;
  cancel_url: string;
  customer_id: string | null;
  save_payment_method: boolean;
  saved_card_code: schemas.CheckoutSession['saved_card_code'];
  metadata: Record<string, string>;
  key_id: string | null;
  payment_id: string | null;
  tries: number;
  problem: schemas.CheckoutProblem | null;
  expires_at: string;
  completed_at: string | null;
  created_at: string;
  updated_at: string;
};

/** A session as the API and the events show it. */
export function toSession(row: SessionRow): schemas.CheckoutSession {
  return {
    id: row.id,
    object: 'checkout_session',
    mode: row.mode,
    status: row.status,
    amount: row.amount,
    currency: row.currency,
    reference: row.reference,
    description: row.description,
    return_url: row.return_url,
    cancel_url: row.cancel_url,
    customer: row.customer_id,
    save_payment_method: row.save_payment_method,
    saved_card_code: row.saved_card_code,
    payment: row.payment_id,
    tries: row.tries,
    metadata: row.metadata,
    expires_at: row.expires_at,
    completed_at: row.completed_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
