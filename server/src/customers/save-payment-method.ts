import type { schemas } from 'payos-contract';
import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { type PaymentMethodRow, paymentMethodColumns, toPaymentMethod } from './customer.ts';

const insertPaymentMethod = statement(
  'payment_methods.insert',
  `INSERT INTO payment_methods (organization_id, id, mode, customer_id, token_id, card)
   VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${paymentMethodColumns}`,
);

type PaidCard = {
  organization_id: string;
  mode: string;
  customer_id: string | null;
  token_id: string;
  card: schemas.CardDisplay;
};

/**
 * Remembers the card of a payment that went through, within the payment's own transaction. The
 * vault still holds it for a day; the worker tells it to keep it.
 *
 * @returns the payment method's id
 */
export async function savePaymentMethod(tx: Tx, paid: PaidCard): Promise<string> {
  if (paid.customer_id === null) throw new Error('a card to save without a customer');
  const [row] = await tx.query<PaymentMethodRow>(insertPaymentMethod, [
    ...[paid.organization_id, newId('paymentMethod'), paid.mode, paid.customer_id],
    ...[paid.token_id, JSON.stringify(paid.card)],
  ]);
  if (row === undefined) throw new Error('the payment method was not inserted');
  tx.event({ type: 'payment_method.saved', object: row.id, data: toPaymentMethod(row) });
  return row.id;
}
