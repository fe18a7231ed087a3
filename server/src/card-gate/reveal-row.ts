import type { schemas } from 'payos-contract';

export const revealColumns = `id, mode, token_id, payment_method_id, key_id, recipient_id,
  reason_code, reason_text, host(address) AS address, created_at`;

export type RevealRow = {
  id: string;
  mode: schemas.Reveal['mode'];
  token_id: string;
  payment_method_id: string | null;
  key_id: string;
  recipient_id: string;
  reason_code: schemas.Reveal['reason']['code'];
  reason_text: string;
  address: string;
  created_at: string;
};

/** As the API and events show it: never the card. */
export function toReveal(row: RevealRow): schemas.Reveal {
  return {
    id: row.id,
    object: 'reveal',
    mode: row.mode,
    token: row.token_id,
    payment_method: row.payment_method_id,
    key: row.key_id,
    recipient: row.recipient_id,
    reason: { code: row.reason_code, text: row.reason_text },
    address: row.address,
    created_at: row.created_at,
  };
}
