import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useSend } from '../../api/index.ts';
import { Button, Dialog, Form, TextField, toast, type Values } from '../../ui/index.ts';
import { brandName } from '../payments/index.ts';

type Props = { method: schemas.PaymentMethod; onClose: () => void };

/** Changes until when a saved card lasts, as its owner says of the one that came by mail. */
export function ExpiryDialog({ method, onClose }: Props): ReactNode {
  const { card } = method;
  const change = useSend<schemas.PaymentMethod, schemas.UpdatePaymentMethod>({
    method: 'PATCH',
    path: `/v1/payment_methods/${method.id}`,
    refresh: ['/v1/payment_methods'],
    refreshLater: ['/v1/events'],
    onDone: () => {
      toast(`${brandName(card.brand)} ${card.last4} changed`);
      onClose();
    },
  });
  const send = ({ exp_month, exp_year }: Values) =>
    change.mutateAsync({ exp_month: Number(exp_month), exp_year: Number(exp_year) });
  return (
    <Dialog open onClose={onClose} title="Change the expiry">
      <Form
        onSubmit={send}
        submit="Change the expiry"
        actions={<Button onClick={onClose}>Not now</Button>}
      >
        <p className="quiet">
          The number stays. The vault seals the card anew, and destroys what it had before.
        </p>
        <div className="grid grid-cols-2 gap-4">
          <TextField
            name="exp_month"
            label="Month"
            type="number"
            inputMode="numeric"
            min={1}
            max={12}
            required
            defaultValue={card.exp_month}
          />
          <TextField
            name="exp_year"
            label="Year"
            type="number"
            inputMode="numeric"
            min={2000}
            max={2099}
            required
            defaultValue={card.exp_year}
          />
        </div>
      </Form>
    </Dialog>
  );
}
