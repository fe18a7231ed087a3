import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Card, DateTime, Details, Money } from '../../ui/index.ts';
import { MetadataCard, ObjectLink } from '../activity/index.ts';
import { CardLabel, expiry } from './card-label.tsx';

/** What is known of a payment, beside what happened to it. */
export function PaymentDetails({ payment }: { payment: schemas.Payment }): ReactNode {
  const { amount_captured, amount_refunded, currency, card, customer } = payment;
  const session = payment.checkout_session;
  return (
    <div className="aside">
      <Card title="Details">
        <Details
          entries={[
            ['Captured', <Money key="c" amount={amount_captured} currency={currency} />],
            amount_refunded === 0
              ? undefined
              : ['Refunded', <Money key="r" amount={amount_refunded} currency={currency} />],
            optional('Reference', payment.reference),
            optional('Description', payment.description),
            customer === null ? undefined : ['Customer', <ObjectLink key="u" id={customer} />],
            session === null ? undefined : ['Checkout', <ObjectLink key="s" id={session} />],
            ['Started by', payment.initiated_by === 'customer' ? 'The customer' : 'You'],
            ['Capture', payment.capture === 'automatic' ? 'At once' : 'By hand'],
            ['Created', <DateTime key="t" value={payment.created_at} />],
          ]}
        />
      </Card>
      <Card title="Card">
        <Details
          entries={[
            ['Number', <CardLabel key="n" card={card} />],
            ['First six', <span key="b">{card.bin}</span>],
            ['Expires', expiry(card)],
            payment.payment_method === null
              ? undefined
              : ['Saved as', <ObjectLink key="m" id={payment.payment_method} />],
          ]}
        />
      </Card>
      <MetadataCard metadata={payment.metadata} />
    </div>
  );
}

const optional = (name: string, value: string | null) =>
  value === null ? undefined : ([name, value] as const);
