import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { curlOf } from '../../shared/curl.ts';
import {
  CodeBlock,
  type Column,
  DateTime,
  EmptyState,
  type Filter,
  LongText,
  Money,
  PageHeader,
} from '../../ui/index.ts';
import { ObjectList } from '../activity/index.ts';
import { SessionStatus, statusOptions } from './status.tsx';

const filters: readonly Filter[] = [
  { kind: 'select', name: 'status', label: 'Status', options: statusOptions },
];

const columns: readonly Column<schemas.CheckoutSession>[] = [
  { label: 'Reference', cell: ({ reference }) => <LongText>{reference}</LongText> },
  { label: 'Status', cell: (session) => <SessionStatus session={session} /> },
  {
    label: 'Amount',
    cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
    align: 'end',
  },
  { label: 'Created', cell: ({ created_at }) => <DateTime value={created_at} />, align: 'end' },
];

/** What visitors were asked to pay on the hosted page. */
export default function Sessions(): ReactNode {
  return (
    <>
      <PageHeader title="Checkout" text="Pages on which a visitor was asked to pay once." />
      <ObjectList<schemas.CheckoutSession>
        api="/v1/checkout_sessions"
        to="/checkout-sessions"
        caption="Checkout sessions"
        filters={filters}
        columns={columns}
        empty={<NoSessions />}
      />
    </>
  );
}

function NoSessions(): ReactNode {
  const command = curlOf({
    method: 'POST',
    url: `${location.origin}/v1/checkout_sessions`,
    body: {
      amount: 1999,
      currency: 'EUR',
      reference: 'order-1042',
      return_url: 'https://shop.example.com/thanks',
      cancel_url: 'https://shop.example.com/cart',
    },
  });
  return (
    <EmptyState icon="link" title="No checkout session here">
      <p>A session is a page on which somebody can pay once. Its address is in the answer:</p>
      <div className="mt-3 text-left text-ink">
        <CodeBlock label="Create a checkout session" text={command} />
      </div>
    </EmptyState>
  );
}
