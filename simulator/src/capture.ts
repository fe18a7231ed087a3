import type { OperationRule } from './operation.ts';

/** Takes the money of an authorized charge: once, all or a part of it. */
export const capture: OperationRule = {
  kind: 'capture',
  drops: true,
  fails: (charge, amount) => {
    if (charge.status === 'captured') return 'already_captured';
    if (charge.status !== 'authorized') return charge.status;
    return amount > charge.amount ? 'amount_too_large' : null;
  },
  change: `UPDATE charges SET status = 'captured', amount_captured = :amount WHERE id = :charge`,
};
