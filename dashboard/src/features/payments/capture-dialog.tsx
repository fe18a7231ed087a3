import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { amountText, parseAmount } from '../../shared/amount-input.ts';
import { Button, Dialog, Form, formatMoney } from '../../ui/index.ts';
import { AmountField } from './amount-field.tsx';

type Props = {
  payment: schemas.Payment;
  onClose: () => void;
  onCapture: (body: { amount?: number }) => Promise<void>;
};

/** Takes the money that is reserved, or a part of it. */
export function CaptureDialog({ payment, onClose, onCapture }: Props): ReactNode {
  const { amount: max, currency } = payment;
  const [text, setText] = useState(() => amountText(max, currency));
  const amount = parseAmount(text, currency);
  const isValid = amount !== undefined && amount <= max;
  const capture = async () => {
    await onCapture(amount === undefined || amount === max ? {} : { amount });
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title="Capture this payment">
      <p className="quiet">
        A payment is captured once. What is not captured now is released to the customer.
      </p>
      <Form
        onSubmit={capture}
        submit={isValid ? `Capture ${formatMoney(amount, currency)}` : 'Capture'}
        disabled={!isValid}
        actions={<Button onClick={onClose}>Not now</Button>}
      >
        <AmountField label="Amount" currency={currency} max={max} text={text} onText={setText} />
      </Form>
    </Dialog>
  );
}
