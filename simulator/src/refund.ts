import type { OperationRule } from './operation.ts';

/** Gives money back. All refunds of a charge together never exceed what was captured. */
export const refund: OperationRule = {
  kind: 'refund',
  drops: true,
  fails: (charge, amount) => {
    if (charge.status === 'authorized') return 'not_captured';
    if (charge.status !== 'captured') return charge.status;
    if (charge.behaviour === 'refund_refused') return 'refund_refused';
    return amount > charge.amount_captured - charge.amount_refunded ? 'amount_too_large' : null;
  },
  change: 'UPDATE charges SET amount_refunded = amount_refunded + :amount WHERE id = :charge',
};
