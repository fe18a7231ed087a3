import type { Mode, schemas } from 'payos-contract';

export const refundColumns = `organization_id, id, mode, payment_id, status, amount, currency,
  reason, metadata, failure, created_at, updated_at`;

export type RefundRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  payment_id: string;
  status: 'pending' | 'succeeded' | 'failed';
  amount: number;
  currency: string;
  reason: string | null;
  metadata: Record<string, string>;
  failure: string | null;
  created_at: string;
  updated_at: string;
};

/** A refund as the API and the events show it. */
export function toRefund(row: RefundRow): schemas.Refund {
  const { organization_id, payment_id, ...rest } = row;
  return { object: 'refund', payment: payment_id, ...rest };
}
