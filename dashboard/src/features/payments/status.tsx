import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Badge, type BadgeTone, type IconName } from '../../ui/index.ts';
import { explainDecline, explainFailure } from './explain.ts';

type Shown = { label: string; tone: BadgeTone; icon: IconName };

const shown: Record<schemas.PaymentStatus, Shown> = {
  processing: { label: 'Processing', tone: 'info', icon: 'clock' },
  requires_capture: { label: 'Waiting for capture', tone: 'warn', icon: 'clock' },
  succeeded: { label: 'Succeeded', tone: 'ok', icon: 'check' },
  failed: { label: 'Failed', tone: 'danger', icon: 'x' },
  canceled: { label: 'Canceled', tone: 'neutral', icon: 'minus' },
};

/** Every status with its name, for a filter. */
export const statusOptions = Object.entries(shown).map(([value, { label }]) => ({ value, label }));

type Payment = Pick<
  schemas.Payment,
  'status' | 'decline_code' | 'amount_captured' | 'amount_refunded'
>;

/** The status of a payment as a person would say it: declined, partly refunded. */
export function PaymentStatus({ payment }: { payment: Payment }): ReactNode {
  const { label, tone, icon } = sayStatus(payment);
  return (
    <Badge tone={tone} icon={icon}>
      {label}
    </Badge>
  );
}

function sayStatus(payment: Payment): Shown {
  const { status, decline_code, amount_captured, amount_refunded } = payment;
  if (status === 'failed' && decline_code !== null) return { ...shown.failed, label: 'Declined' };
  if (status !== 'succeeded' || amount_refunded === 0) return shown[status];
  const whole = amount_refunded === amount_captured;
  return { label: whole ? 'Refunded' : 'Partly refunded', tone: 'neutral', icon: 'refund' };
}

const refundShown: Record<schemas.Refund['status'], Shown> = {
  pending: { label: 'Pending', tone: 'info', icon: 'clock' },
  succeeded: { label: 'Succeeded', tone: 'ok', icon: 'check' },
  failed: { label: 'Failed', tone: 'danger', icon: 'x' },
};

export function RefundStatus({ status }: { status: schemas.Refund['status'] }): ReactNode {
  const { label, tone, icon } = refundShown[status];
  return (
    <Badge tone={tone} icon={icon}>
      {label}
    </Badge>
  );
}

/** Why there is no money, in a few words. */
export function reasonOf(of: { decline_code: string | null; failure: string | null }) {
  if (of.decline_code !== null) return explainDecline(of.decline_code);
  return of.failure === null ? undefined : explainFailure(of.failure);
}
