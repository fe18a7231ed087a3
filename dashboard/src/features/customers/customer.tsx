import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { useCan, useRead } from '../../api/index.ts';
import {
  Card,
  DateTime,
  Details,
  EmptyState,
  ErrorState,
  LinkButton,
  LoadingRows,
} from '../../ui/index.ts';
import { DeveloperButton, MetadataCard, ObjectHeader, ObjectPage } from '../activity/index.ts';
import { PaymentTable } from '../payments/index.ts';
import { customerName } from './customer-name.ts';
import { SavedCards } from './saved-cards.tsx';

const list = { to: '/customers', label: 'Customers' };

/** One customer: saved cards and payments. */
export default function CustomerPage(): ReactNode {
  const { id = '' } = useParams();
  const query = useRead<schemas.Customer>(`/v1/customers/${encodeURIComponent(id)}`);
  return (
    <ObjectPage query={query} kind="customer" list={list}>
      {(customer) => <Shown customer={customer} />}
    </ObjectPage>
  );
}

function Shown({ customer }: { customer: schemas.Customer }): ReactNode {
  const can = useCan();
  const { id, email, reference, created_at } = customer;
  return (
    <>
      <ObjectHeader
        kind="Customer"
        title={customerName(customer)}
        id={id}
        parent={list}
        actions={<DeveloperButton id={id} path={`/v1/customers/${id}`} value={customer} />}
      />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 gap-4">
          <SavedCards customer={id} />
          {can('payments:read') && <CustomerPayments customer={id} />}
        </div>
        <div className="aside">
          <Card title="Details">
            <Details
              entries={[
                email === null ? undefined : ['Email', email],
                reference === null ? undefined : ['Reference', reference],
                ['Created', <DateTime key="c" value={created_at} />],
              ]}
            />
          </Card>
          <MetadataCard metadata={customer.metadata} />
        </div>
      </div>
    </>
  );
}

type Payments = { data: schemas.Payment[]; has_more: boolean };

function CustomerPayments({ customer }: { customer: string }): ReactNode {
  const list = useRead<Payments>('/v1/payments', { query: { customer, limit: 10 } });
  const all = `/payments?${new URLSearchParams({ customer })}`;
  return (
    <Card
      title="Payments"
      flush
      actions={
        list.data?.has_more === true && (
          <LinkButton to={all} size="small">
            Show all
          </LinkButton>
        )
      }
    >
      {list.isPending ? (
        <LoadingRows />
      ) : list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.data.length === 0 ? (
        <EmptyState icon="card" title="No payments">
          Payments with a saved card of this customer, or with <code>save_for</code>, appear here.
        </EmptyState>
      ) : (
        <PaymentTable caption="Payments of this customer" payments={list.data.data} />
      )}
    </Card>
  );
}
