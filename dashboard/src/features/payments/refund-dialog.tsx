import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { parseAmount } from '../../shared/amount-input.ts';
import {
  Button,
  Choices,
  Dialog,
  Form,
  formatMoney,
  Notice,
  Radio,
  TextField,
  toast,
} from '../../ui/index.ts';
import { AmountField } from './amount-field.tsx';
import { explainFailure } from './explain.ts';

type Refund = schemas.Refund;
type Props = {
  payment: schemas.Payment;
  onClose: () => void;
  onRefund: (body: Record<string, unknown>) => Promise<Refund>;
};

/** Sends money back, all that is left or a part of it. */
export function RefundDialog({ payment, onClose, onRefund }: Props): ReactNode {
  const [refused, setRefused] = useState<Refund>();
  const send = async (body: Record<string, unknown>) => {
    const refund = await onRefund(body);
    if (refund.status === 'failed') return setRefused(refund);
    const amount = formatMoney(refund.amount, refund.currency);
    if (refund.status === 'succeeded') toast(`${amount} refunded`);
    else toast(`Refund of ${amount} sent`, 'The processor has not confirmed it yet.');
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title="Refund this payment">
      {refused === undefined ? (
        <Ask payment={payment} onClose={onClose} onSend={send} />
      ) : (
        <Refused refund={refused} onClose={onClose} />
      )}
    </Dialog>
  );
}

type AskProps = {
  payment: schemas.Payment;
  onClose: () => void;
  onSend: (body: Record<string, unknown>) => Promise<void>;
};

function Ask({ payment, onClose, onSend }: AskProps): ReactNode {
  const { id, amount_refundable: max, currency } = payment;
  const [part, setPart] = useState(false);
  const [text, setText] = useState('');
  const typed = parseAmount(text, currency);
  const amount = part ? typed : max;
  const isValid = amount !== undefined && amount <= max;
  const send = ({ reason = '' }: Readonly<Record<string, string>>) =>
    onSend({
      payment: id,
      // Always said, so that it is what was on the screen even if something changed meanwhile.
      amount,
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
    });
  return (
    <Form
      onSubmit={send}
      submit={isValid ? `Refund ${formatMoney(amount, currency)}` : 'Refund'}
      look="danger"
      disabled={!isValid}
      actions={<Button onClick={onClose}>Not now</Button>}
    >
      <p className="quiet">
        The money goes back to the card it came from. A refund cannot be taken back.
      </p>
      <Choices legend="How much">
        <Radio
          name="how"
          label={`All that is left: ${formatMoney(max, currency)}`}
          checked={!part}
          onChange={() => setPart(false)}
        />
        <Radio name="how" label="A part" checked={part} onChange={() => setPart(true)} />
      </Choices>
      {part && (
        <AmountField label="Amount" currency={currency} max={max} text={text} onText={setText} />
      )}
      <TextField
        name="reason"
        label={
          <>
            Reason <small>(optional, for your records)</small>
          </>
        }
        maxLength={200}
      />
    </Form>
  );
}

function Refused({ refund, onClose }: { refund: Refund; onClose: () => void }): ReactNode {
  const { text, advice } = explainFailure(refund.failure ?? '');
  return (
    <>
      <Notice tone="danger" title={text} live>
        {advice}
      </Notice>
      <div className="dialog-foot">
        <Button onClick={onClose}>Close</Button>
      </div>
    </>
  );
}
