import type { Mode, schemas } from 'payos-contract';
import { toCardDisplay } from '../customers/index.ts';

export const paymentColumns = `organization_id, id, mode, status, amount, currency,
  amount_captured, amount_refund_pending, amount_refunded, capture, initiated_by, token_id,
  payment_method_id, customer_id, save_card, save_fingerprint, card, reference, description,
  metadata, processor, checkout_session_id, processor_reference, active_attempt_id, decline_code,
  failure, created_at, updated_at`;

export type PaymentRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  status: schemas.PaymentStatus;
  amount: number;
  currency: string;
  amount_captured: number;
  amount_refund_pending: number;
  amount_refunded: number;
  capture: 'automatic' | 'manual';
  initiated_by: 'customer' | 'merchant';
  token_id: string;
  payment_method_id: string | null;
  customer_id: string | null;
  checkout_session_id: string | null;
  save_card: boolean;
  save_fingerprint: string | null;
  card: schemas.CardDisplay;
  reference: string | null;
  description: string | null;
  metadata: Record<string, string>;
  processor: string;
  processor_reference: string | null;
  active_attempt_id: string | null;
  decline_code: string | null;
  failure: string | null;
  created_at: string;
  updated_at: string;
};

/** A payment as the API and the events show it. */
export function toPayment(row: PaymentRow): schemas.Payment {
  const left = row.amount_captured - row.amount_refunded - row.amount_refund_pending;
  return {
    id: row.id,
    object: 'payment',
    mode: row.mode,
    status: row.status,
    amount: row.amount,
    currency: row.currency,
    amount_captured: row.amount_captured,
    amount_refunded: row.amount_refunded,
    amount_refundable: left,
    capture: row.capture,
    initiated_by: row.initiated_by,
    card: toCardDisplay(row.card),
    token: row.token_id,
    payment_method: row.payment_method_id,
    customer: row.customer_id,
    checkout_session: row.checkout_session_id,
    reference: row.reference,
    description: row.description,
    metadata: row.metadata,
    decline_code: row.decline_code,
    failure: row.failure,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** The event that tells of a payment's status. */
export function eventOf(status: schemas.PaymentStatus) {
  return `payment.${status}` as const;
}
