import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useCan, useSend } from '../../api/index.ts';
import { Button, toast } from '../../ui/index.ts';
import { CancelDialog } from './cancel-dialog.tsx';
import { CaptureDialog } from './capture-dialog.tsx';
import { RefundDialog } from './refund-dialog.tsx';

type Payment = schemas.Payment;
const changed = {
  refresh: ['/v1/payments', '/v1/refunds'],
  refreshLater: ['/v1/events', '/v1/requests', '/v1/reports'],
} as const;

/**
 * What can be done with a payment as it is, by whoever may. The requests belong to the page and
 * not to the dialogs: a try that got no answer keeps its key when the dialog is opened again.
 */
export function PaymentActions({ payment }: { payment: Payment }): ReactNode {
  const can = useCan();
  const [open, setOpen] = useState<'capture' | 'cancel' | 'refund'>();
  const common = { idempotent: true, ...changed } as const;
  const path = `/v1/payments/${payment.id}`;
  const capture = useSend<Payment, { amount?: number }>({ ...common, path: `${path}/capture` });
  const cancel = useSend<Payment, { reason?: string }>({ ...common, path: `${path}/cancel` });
  const refund = useSend<schemas.Refund, Record<string, unknown>>({
    ...common,
    path: '/v1/refunds',
  });
  const close = () => setOpen(undefined);
  const isOpen = payment.status === 'requires_capture' && can('payments:write');
  const canRefund = payment.amount_refundable > 0 && can('refunds:write');
  const tell = ({ status }: Payment, done: string) => {
    if (status === 'processing') toast('Sent', 'The processor has not answered yet.');
    else toast(done);
  };
  return (
    <>
      {isOpen && (
        <Button look="primary" icon="check" onClick={() => setOpen('capture')}>
          Capture
        </Button>
      )}
      {isOpen && (
        <Button look="danger-plain" onClick={() => setOpen('cancel')}>
          Cancel payment
        </Button>
      )}
      {canRefund && (
        <Button icon="refund" onClick={() => setOpen('refund')}>
          Refund
        </Button>
      )}
      {open === 'capture' && (
        <CaptureDialog
          payment={payment}
          onClose={close}
          onCapture={async (body) => tell(await capture.mutateAsync(body), 'Captured')}
        />
      )}
      {open === 'cancel' && (
        <CancelDialog
          payment={payment}
          onClose={close}
          onCancel={async (body) => tell(await cancel.mutateAsync(body), 'Canceled')}
        />
      )}
      {open === 'refund' && (
        <RefundDialog payment={payment} onClose={close} onRefund={refund.mutateAsync} />
      )}
    </>
  );
}
