import type { Mode, schemas } from 'payos-contract';
import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { type PaymentMethodRow, paymentMethodColumns, toPaymentMethod } from './customer.ts';
import { retireToken } from './retired-tokens.ts';

const insertPaymentMethod = statement(
  'payment_methods.insert',
  `INSERT INTO payment_methods (organization_id, id, mode, customer_id, token_id, card, fingerprint)
   VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT (organization_id, mode, customer_id, fingerprint)
     WHERE deleted_at IS NULL AND fingerprint IS NOT NULL DO NOTHING
   RETURNING ${paymentMethodColumns}`,
);
const lockSame = statement(
  'payment_methods.lock_same',
  `SELECT ${paymentMethodColumns} FROM payment_methods
   WHERE organization_id = $1 AND mode = $2 AND customer_id = $3 AND fingerprint = $4
     AND deleted_at IS NULL FOR UPDATE`,
);
const takeToken = statement(
  'payment_methods.take_token',
  `UPDATE payment_methods SET token_id = $3, card = $4, kept_at = NULL, updated_at = now()
   WHERE organization_id = $1 AND id = $2 RETURNING ${paymentMethodColumns}`,
);

type PaidCard = {
  organization_id: string;
  mode: Mode;
  customer_id: string | null;
  token_id: string;
  card: schemas.CardDisplay;
  /** Of the card, where the vault said it. */
  save_fingerprint: string | null;
};

/**
 * Remembers the card of a payment that went through, within the payment's own transaction. The
 * vault still holds it for a day; the worker tells it to keep it. A card that the customer has
 * saved before stays one: with the later of both expiries, and the other token is shredded.
 *
 * @returns the payment method's id
 */
export async function savePaymentMethod(tx: Tx, paid: PaidCard): Promise<string> {
  if (paid.customer_id === null) throw new Error('a card to save without a customer');
  // Between the two statements the card may have been deleted: then it is a new one.
  for (let tries = 0; tries < 3; tries += 1) {
    const [row] = await tx.query<PaymentMethodRow>(insertPaymentMethod, [
      ...[paid.organization_id, newId('paymentMethod'), paid.mode, paid.customer_id],
      ...[paid.token_id, JSON.stringify(paid.card), paid.save_fingerprint],
    ]);
    if (row !== undefined) {
      tx.event({ type: 'payment_method.saved', object: row.id, data: toPaymentMethod(row) });
      return row.id;
    }
    const values = [paid.organization_id, paid.mode, paid.customer_id, paid.save_fingerprint];
    const [same] = await tx.query<PaymentMethodRow>(lockSame, values);
    if (same !== undefined) return saveAgain(tx, same, paid);
  }
  throw new Error('the payment method was not inserted');
}

async function saveAgain(tx: Tx, same: PaymentMethodRow, paid: PaidCard): Promise<string> {
  const { organization_id, mode, id } = same;
  if (monthsOf(paid.card) <= monthsOf(same.card)) {
    await retireToken(tx, { organization_id, mode, id, token_id: paid.token_id });
    return id;
  }
  await retireToken(tx, same);
  const values = [organization_id, id, paid.token_id, JSON.stringify(paid.card)];
  const [row] = await tx.query<PaymentMethodRow>(takeToken, values);
  if (row === undefined) throw new Error('a locked payment method vanished');
  tx.event({ type: 'payment_method.updated', object: id, data: toPaymentMethod(row) });
  return id;
}

function monthsOf({ exp_year, exp_month }: schemas.CardDisplay): number {
  return exp_year * 12 + exp_month;
}
