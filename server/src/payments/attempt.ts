import type { Mode, schemas } from 'payos-contract';

export type AttemptKind = schemas.AttemptKind;
export type AttemptState = schemas.AttemptState;

export const attemptColumns = `organization_id, id, mode, payment_id, refund_id, kind, state,
  processor, processor_reference, amount, decline_code, failure, cvc_check, created_at,
  finished_at`;

export type AttemptRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  payment_id: string;
  refund_id: string | null;
  kind: AttemptKind;
  state: AttemptState;
  processor: string;
  processor_reference: string | null;
  amount: number;
  decline_code: string | null;
  failure: string | null;
  cvc_check: string | null;
  created_at: string;
  finished_at: string | null;
};

/** An attempt as the API shows it. */
export function toAttempt(row: AttemptRow): schemas.Attempt {
  const { organization_id, mode, payment_id, refund_id: refund, ...shown } = row;
  return { refund, ...shown };
}
