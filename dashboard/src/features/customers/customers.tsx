import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { curlOf } from '../../shared/curl.ts';
import {
  CodeBlock,
  type Column,
  DateTime,
  EmptyState,
  type Filter,
  LinkButton,
  LongText,
  PageHeader,
} from '../../ui/index.ts';
import { ObjectList } from '../activity/index.ts';
import { customerName } from './customer-name.ts';

const filters: readonly Filter[] = [
  {
    kind: 'search',
    name: 'q',
    label: 'Search customers',
    placeholder: 'Name, email, reference or id',
  },
];

const shown = (text: string | null) =>
  text === null ? <span className="quiet">–</span> : <LongText>{text}</LongText>;
const columns: readonly Column<schemas.Customer>[] = [
  { label: 'Customer', cell: (customer) => <LongText>{customerName(customer)}</LongText> },
  { label: 'Email', cell: ({ email }) => shown(email) },
  { label: 'Reference', cell: ({ reference }) => shown(reference) },
  { label: 'Created', cell: ({ created_at }) => <DateTime value={created_at} />, align: 'end' },
];

/** Everybody a card is kept for, or who was named by a payment. */
export default function Customers(): ReactNode {
  return (
    <>
      <PageHeader title="Customers" />
      <ObjectList<schemas.Customer>
        api="/v1/customers"
        to="/customers"
        caption="Customers"
        filters={filters}
        columns={columns}
        empty={<NoCustomers />}
      />
    </>
  );
}

function NoCustomers(): ReactNode {
  const [params] = useSearchParams();
  if (params.size > 0) {
    return (
      <EmptyState
        icon="search"
        title="No customer matches"
        actions={<LinkButton to="/customers">Show all customers</LinkButton>}
      >
        Search for the beginning of a name, an email address, a reference or an id.
      </EmptyState>
    );
  }
  const command = curlOf({
    method: 'POST',
    url: `${location.origin}/v1/customers`,
    body: { name: 'Ada Lovelace', email: 'ada@example.com', reference: 'C-1001' },
  });
  return (
    <EmptyState icon="user" title="No customers yet">
      <p>
        A payment with <code>save_for</code> keeps the card for a customer, and makes the customer
        where there is none. Or create one:
      </p>
      <div className="mt-3 text-left text-ink">
        <CodeBlock label="Create a customer" text={command} />
      </div>
    </EmptyState>
  );
}
