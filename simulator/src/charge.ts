import { type Behaviour, declineMessages } from './cards.ts';
import { rfc3339 } from './clock.ts';

export type ChargeStatus = 'authorized' | 'captured' | 'declined' | 'canceled';

/** A row of `charges`. Amounts in minor units, `created_at` in milliseconds since 1970. */
export type ChargeRow = {
  seq: number;
  id: string;
  idempotency_key: string;
  status: ChargeStatus;
  amount: number;
  currency: string;
  capture: number;
  amount_captured: number;
  amount_refunded: number;
  decline_code: string | null;
  cvc_check: string;
  brand: string;
  last4: string;
  behaviour: Behaviour;
  created_at: number;
};

/** A charge as the API shows it, in its present state. */
export function chargeView(row: ChargeRow) {
  return {
    id: row.id,
    idempotency_key: row.idempotency_key,
    status: row.status,
    amount: row.amount,
    currency: row.currency,
    amount_captured: row.amount_captured,
    amount_refunded: row.amount_refunded,
    decline_code: row.decline_code,
    decline_message: messageOf(row.decline_code),
    cvc_check: row.cvc_check,
    created_at: rfc3339(row.created_at),
  };
}

/** A charge as it was first answered, whatever was captured, voided or refunded since. */
export function firstAnswer(row: ChargeRow) {
  const declined = row.decline_code !== null;
  const captured = !declined && row.capture === 1;
  const undeclined = captured ? 'captured' : 'authorized';
  return {
    ...chargeView(row),
    status: declined ? 'declined' : undeclined,
    amount_captured: captured ? row.amount : 0,
    amount_refunded: 0,
  };
}

function messageOf(code: string | null): string | null {
  if (code === null) return null;
  return new Map<string, string>(Object.entries(declineMessages)).get(code) ?? 'Declined.';
}
