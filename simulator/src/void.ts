import type { OperationRule } from './operation.ts';

/** Lets go of an authorized charge. What was captured can only be refunded. */
export const voidCharge: OperationRule = {
  kind: 'void',
  drops: false,
  fails: (charge) => {
    if (charge.status === 'captured') return 'already_captured';
    return charge.status === 'authorized' ? null : charge.status;
  },
  change: `UPDATE charges SET status = 'canceled' WHERE id = :charge AND amount >= :amount`,
};
