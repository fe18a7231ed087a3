import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useSend } from '../../api/index.ts';
import { ConfirmDialog, toast } from '../../ui/index.ts';
import { brandName } from '../payments/index.ts';

type Props = { method: schemas.PaymentMethod; onClose: () => void; onDone?: () => void };

/** Deletes a saved card, by its name. The API asks for a factor that may touch the vault. */
export function DeleteCardDialog({ method, onClose, onDone }: Props): ReactNode {
  const name = `${brandName(method.card.brand)} ${method.card.last4}`;
  const remove = useSend({
    method: 'DELETE',
    path: `/v1/payment_methods/${method.id}`,
    refresh: ['/v1/payment_methods'],
    refreshLater: ['/v1/events'],
    onDone: () => {
      toast(`${name} deleted`);
      onDone?.();
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Delete ${name}`}
      action="Delete the card"
      typed={name}
      onConfirm={() => remove.mutateAsync()}
    >
      <p>
        It cannot be charged from now on, and the vault shreds it: nobody can bring it back.
        Payments that were made with it stay, and can be refunded.
      </p>
    </ConfirmDialog>
  );
}
