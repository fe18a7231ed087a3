import { formatAmount, type schemas } from 'payos-contract';
import type { Cell } from './csv.ts';

const columns: readonly (readonly [name: string, cell: (payment: schemas.Payment) => Cell])[] = [
  ['id', ({ id }) => id],
  ['created_at', ({ created_at }) => created_at],
  ['status', ({ status }) => status],
  ['amount', ({ amount, currency }) => major(amount, currency)],
  ['amount_captured', ({ amount_captured, currency }) => major(amount_captured, currency)],
  ['amount_refunded', ({ amount_refunded, currency }) => major(amount_refunded, currency)],
  ['currency', ({ currency }) => currency],
  ['card_brand', ({ card }) => card.brand],
  ['card_last4', ({ card }) => card.last4],
  ['reference', ({ reference }) => reference],
  ['description', ({ description }) => description],
  ['customer', ({ customer }) => customer],
  ['payment_method', ({ payment_method }) => payment_method],
  ['decline_code', ({ decline_code }) => decline_code],
  ['failure', ({ failure }) => failure],
  ['metadata', ({ metadata }) => metadataText(metadata)],
];

export const paymentColumns = columns.map(([name]) => name);

export function paymentCells(payment: schemas.Payment): Cell[] {
  return columns.map(([, cell]) => cell(payment));
}

/** Amounts as decimals with a point, e.g. `19.99`: what spreadsheets add up. */
function major(amount: number, currency: string): string {
  return formatAmount(amount, currency).split(' ')[0] ?? '';
}

function metadataText(metadata: Record<string, string>): Cell {
  return Object.keys(metadata).length === 0 ? null : JSON.stringify(metadata);
}
