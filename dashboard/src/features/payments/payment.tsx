import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { useCan, useRead } from '../../api/index.ts';
import { Card, formatMoney, Notice } from '../../ui/index.ts';
import { DeveloperButton, ObjectHeader, ObjectPage } from '../activity/index.ts';
import { PaymentActions } from './payment-actions.tsx';
import { PaymentDetails } from './payment-details.tsx';
import { RefundsCard } from './refunds-card.tsx';
import { PaymentStatus, reasonOf } from './status.tsx';
import { Timeline } from './timeline.tsx';

export type FullPayment = schemas.Payment & { attempts: schemas.Attempt[] };
type Refunds = { data: schemas.Refund[]; has_more: boolean };
type Events = { data: schemas.Event[]; has_more: boolean };

const list = { to: '/payments', label: 'Payments' };
/** While the outcome of something is open, in milliseconds. */
const openPollMs = 2_000;

const isOpen = ({ status, attempts }: FullPayment) =>
  status === 'processing' || attempts.some(({ state }) => state === 'sending');

/** One payment: what became of it, why, and what can be done. */
export default function PaymentPage(): ReactNode {
  const { id = '' } = useParams();
  const path = `/v1/payments/${encodeURIComponent(id)}`;
  const query = useRead<FullPayment>(path, { pollMs: (found) => isOpen(found) && openPollMs });
  return (
    <ObjectPage query={query} kind="payment" list={list}>
      {(payment) => <Shown payment={payment} />}
    </ObjectPage>
  );
}

function Shown({ payment }: { payment: FullPayment }): ReactNode {
  const { id, amount, amount_captured, currency } = payment;
  const can = useCan();
  const pollMs = isOpen(payment) && openPollMs;
  const refunds = useRead<Refunds>(can('refunds:read') ? '/v1/refunds' : undefined, {
    query: { payment: id, limit: 100 },
    pollMs: ({ data }) =>
      (data.some(({ status }) => status === 'pending') || pollMs !== false) && openPollMs,
  });
  const events = useRead<Events>(can('events:read') ? '/v1/events' : undefined, {
    query: { object: id, limit: 100 },
    pollMs,
  });
  return (
    <>
      <ObjectHeader
        kind="Payment"
        title={formatMoney(amount, currency)}
        id={id}
        parent={list}
        after={
          <>
            <PaymentStatus payment={payment} />
            {amount_captured > 0 && amount_captured !== amount && (
              <span className="quiet">{formatMoney(amount_captured, currency)} captured</span>
            )}
          </>
        }
        actions={
          <>
            <PaymentActions payment={payment} />
            <DeveloperButton id={id} path={`/v1/payments/${id}`} value={payment} />
          </>
        }
      />
      <Outcome payment={payment} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 gap-4">
          <Card title="What happened" flush>
            <Timeline
              payment={payment}
              refunds={refunds.data?.data ?? []}
              events={events.data?.data ?? []}
            />
          </Card>
          {payment.amount_captured > 0 && can('refunds:read') && (
            <RefundsCard payment={payment} refunds={refunds} />
          )}
        </div>
        <PaymentDetails payment={payment} />
      </div>
    </>
  );
}

/** What is unusual about it, and what to do. */
function Outcome({ payment }: { payment: FullPayment }): ReactNode {
  const { status, decline_code, amount, currency } = payment;
  const reason = reasonOf(payment);
  if (status === 'processing') {
    return (
      <div className="mb-4" role="status">
        <Notice title="The outcome is not known yet">
          The processor has not said what became of it. PayOS keeps asking and sends nothing twice;
          this page shows the answer as soon as there is one.
        </Notice>
      </div>
    );
  }
  if (status === 'requires_capture') {
    return (
      <div className="mb-4">
        <Notice tone="warn" title={`${formatMoney(amount, currency)} is reserved, not yet taken`}>
          {reason === undefined
            ? 'Capture it to take the money, or cancel it to let go of it.'
            : `The last try did not work: ${reason.text.toLowerCase()}. ${reason.advice}`}
        </Notice>
      </div>
    );
  }
  if (reason === undefined) return null;
  return (
    <div className="mb-4">
      <Notice tone="danger" title={reason.text}>
        {reason.advice}
        {decline_code !== null && (
          <span className="quiet">
            {' '}
            Code: <code>{decline_code}</code>
          </span>
        )}
      </Notice>
    </div>
  );
}
