import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Badge } from '../../ui/index.ts';

const shown = {
  open: { label: 'Open', tone: 'info', icon: 'clock' },
  complete: { label: 'Paid', tone: 'ok', icon: 'check' },
  expired: { label: 'Expired', tone: 'neutral', icon: 'minus' },
} as const;

/** Every status with its name, for a filter. */
export const statusOptions = Object.entries(shown).map(([value, { label }]) => ({ value, label }));

type Session = Pick<schemas.CheckoutSession, 'status' | 'payment'>;

/** What became of a session. */
export function SessionStatus({ session: { status, payment } }: { session: Session }): ReactNode {
  const { label, tone, icon } = shown[status];
  const isBeingPaid = status === 'open' && payment !== null;
  return (
    <Badge tone={tone} icon={icon}>
      {isBeingPaid ? 'Being paid' : label}
    </Badge>
  );
}
