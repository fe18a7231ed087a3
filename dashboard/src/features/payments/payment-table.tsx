import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { type Column, DateTime, LongText, Money, Table } from '../../ui/index.ts';
import { CardLabel } from './card-label.tsx';
import { PaymentStatus, reasonOf } from './status.tsx';

const columns: readonly Column<schemas.Payment>[] = [
  {
    label: 'Amount',
    cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
  },
  { label: 'Status', cell: (payment) => <StatusCell payment={payment} /> },
  { label: 'Card', cell: ({ card }) => <CardLabel card={card} /> },
  { label: 'Reference', cell: (payment) => <ReferenceCell payment={payment} /> },
  { label: 'Created', cell: ({ created_at }) => <DateTime value={created_at} />, align: 'end' },
];

/** Payments, each row a link to its page. */
export function PaymentTable({
  payments,
  caption,
}: {
  payments: readonly schemas.Payment[];
  caption: string;
}): ReactNode {
  return (
    <Table
      caption={caption}
      columns={columns}
      rows={payments}
      keyOf={({ id }) => id}
      linkOf={({ id }) => `/payments/${id}`}
    />
  );
}

function StatusCell({ payment }: { payment: schemas.Payment }): ReactNode {
  const reason = reasonOf(payment);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-0.5 max-sm:justify-end">
      <PaymentStatus payment={payment} />
      {reason !== undefined && <span className="quiet text-sm">{reason.text}</span>}
    </span>
  );
}

function ReferenceCell({ payment }: { payment: schemas.Payment }): ReactNode {
  const { reference, description } = payment;
  if (reference === null && description === null) return <span className="quiet">–</span>;
  return (
    <span className="inline-grid grid-cols-1">
      {reference !== null && <LongText>{reference}</LongText>}
      {description !== null && <LongText quiet>{description}</LongText>}
    </span>
  );
}
