import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useCan, useRead } from '../../api/index.ts';
import {
  Card,
  type Column,
  DateTime,
  EmptyState,
  ErrorState,
  IconButton,
  LoadingRows,
  Table,
} from '../../ui/index.ts';
import { brandName, CardLabel } from '../payments/index.ts';
import { issuedAs } from './card-facts.ts';
import { DeleteCardDialog } from './delete-card-dialog.tsx';
import { ExpiryLabel } from './expiry-label.tsx';

type Method = schemas.PaymentMethod;
type Page = { data: Method[] };

/** The cards that are kept for a customer. */
export function SavedCards({ customer }: { customer: string }): ReactNode {
  const can = useCan();
  const [leaving, setLeaving] = useState<Method>();
  const list = useRead<Page>('/v1/payment_methods', { query: { customer, limit: 100 } });
  const columns: readonly Column<Method>[] = [
    { label: 'Card', cell: ({ card }) => <CardLabel card={card} /> },
    { label: 'Expires', cell: ({ card }) => <ExpiryLabel card={card} /> },
    { label: 'Kind', cell: ({ card }) => <span className="quiet">{issuedAs(card)}</span> },
    { label: 'Saved', cell: ({ created_at }) => <DateTime value={created_at} />, align: 'end' },
    ...(can('customers:write') ? [removal(setLeaving)] : []),
  ];
  return (
    <Card title="Saved cards" flush>
      {list.isPending ? (
        <LoadingRows rows={2} />
      ) : list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.data.length === 0 ? (
        <EmptyState icon="card" title="No saved cards">
          Send <code>save_for</code> with a payment to keep its card for this customer.
        </EmptyState>
      ) : (
        <Table
          caption="Saved cards"
          columns={columns}
          rows={list.data.data}
          keyOf={({ id }) => id}
          linkOf={({ id }) => `/payment_methods/${id}`}
        />
      )}
      {leaving !== undefined && (
        <DeleteCardDialog method={leaving} onClose={() => setLeaving(undefined)} />
      )}
    </Card>
  );
}

function removal(onRemove: (method: Method) => void): Column<Method> {
  return {
    label: 'Actions',
    hideLabel: true,
    align: 'end',
    cell: (method) => (
      <IconButton
        icon="trash"
        label={`Delete ${brandName(method.card.brand)} ${method.card.last4}`}
        onClick={() => onRemove(method)}
      />
    ),
  };
}
