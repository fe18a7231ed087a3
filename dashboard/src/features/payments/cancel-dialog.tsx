import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { ConfirmDialog, formatMoney, TextField } from '../../ui/index.ts';

type Props = {
  payment: schemas.Payment;
  onClose: () => void;
  onCancel: (body: { reason?: string }) => Promise<void>;
};

/** Lets go of what is reserved. Cannot be taken back, so it is asked for by name. */
export function CancelDialog({ payment, onClose, onCancel }: Props): ReactNode {
  const { amount, currency, reference } = payment;
  const [reason, setReason] = useState('');
  const given = reason.trim();
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Cancel this payment"
      action="Cancel the payment"
      dismiss="Keep it"
      typed={reference ?? 'cancel'}
      onConfirm={() => onCancel(given === '' ? {} : { reason: given })}
    >
      <p>
        {formatMoney(amount, currency)} is released to the customer. It cannot be captured
        afterwards; a new payment needs the card again.
      </p>
      <TextField
        label={
          <>
            Reason <small>(optional)</small>
          </>
        }
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ConfirmDialog>
  );
}
