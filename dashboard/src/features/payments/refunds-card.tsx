import type { UseQueryResult } from '@tanstack/react-query';
import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import {
  Card,
  type Column,
  DateTime,
  ErrorState,
  formatMoney,
  LoadingRows,
  LongText,
  Money,
  Table,
} from '../../ui/index.ts';
import { explainFailure } from './explain.ts';
import { RefundStatus } from './status.tsx';

const columns: readonly Column<schemas.Refund>[] = [
  {
    label: 'Amount',
    cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
  },
  {
    label: 'Status',
    cell: ({ status, failure }) => (
      <span className="inline-flex flex-wrap items-center gap-x-2 max-sm:justify-end">
        <RefundStatus status={status} />
        {failure !== null && <span className="quiet text-sm">{explainFailure(failure).text}</span>}
      </span>
    ),
  },
  { label: 'Reason', cell: ({ reason }) => <LongOrNot text={reason} /> },
  { label: 'Created', cell: ({ created_at }) => <DateTime value={created_at} />, align: 'end' },
];

function LongOrNot({ text }: { text: string | null }): ReactNode {
  return text === null ? <span className="quiet">–</span> : <LongText>{text}</LongText>;
}

/** What went back to the customer, and what is left. */
export function RefundsCard({
  payment,
  refunds,
}: {
  payment: schemas.Payment;
  refunds: UseQueryResult<{ data: schemas.Refund[] }>;
}): ReactNode {
  const { amount_refundable, currency } = payment;
  const left = `${formatMoney(amount_refundable, currency)} can still be refunded.`;
  return (
    <Card title="Refunds" text={left} flush>
      {refunds.isPending ? (
        <LoadingRows rows={2} />
      ) : refunds.isError ? (
        <ErrorState error={refunds.error} onRetry={() => void refunds.refetch()} />
      ) : refunds.data.data.length === 0 ? (
        <p className="quiet px-4.5 py-4">Nothing was refunded.</p>
      ) : (
        <Table
          caption="Refunds of this payment"
          columns={columns}
          rows={refunds.data.data}
          keyOf={({ id }) => id}
          linkOf={({ id }) => `/refunds/${id}`}
        />
      )}
    </Card>
  );
}
