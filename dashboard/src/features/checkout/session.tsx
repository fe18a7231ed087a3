import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { useRead } from '../../api/index.ts';
import { Card, DateTime, Details, formatMoney, LongText } from '../../ui/index.ts';
import {
  DeveloperButton,
  MetadataCard,
  ObjectHeader,
  ObjectLink,
  ObjectPage,
} from '../activity/index.ts';
import { SessionStatus } from './status.tsx';

const list = { to: '/checkout-sessions', label: 'Checkout' };
const openPollMs = 3_000;

/** One checkout session. */
export default function SessionPage(): ReactNode {
  const { id = '' } = useParams();
  const query = useRead<schemas.CheckoutSession>(
    `/v1/checkout_sessions/${encodeURIComponent(id)}`,
    { pollMs: ({ status }) => status === 'open' && openPollMs },
  );
  return (
    <ObjectPage query={query} kind="checkout session" list={list}>
      {(session) => <Shown session={session} />}
    </ObjectPage>
  );
}

function Shown({ session }: { session: schemas.CheckoutSession }): ReactNode {
  const { id, amount, currency, customer, payment, description, tries } = session;
  return (
    <>
      <ObjectHeader
        kind="Checkout session"
        title={formatMoney(amount, currency)}
        id={id}
        parent={list}
        after={<SessionStatus session={session} />}
        actions={<DeveloperButton id={id} path={`/v1/checkout_sessions/${id}`} value={session} />}
      />
      <div className="grid gap-4">
        <Card title="Details">
          <Details
            entries={[
              ['Reference', session.reference],
              description === null ? undefined : ['Description', description],
              payment === null ? undefined : ['Payment', <ObjectLink key="p" id={payment} />],
              customer === null ? undefined : ['Customer', <ObjectLink key="c" id={customer} />],
              ['Tries', String(tries)],
              ['Saves the card', session.save_payment_method ? 'If the visitor wants it' : 'No'],
              [
                'Code of saved cards',
                session.saved_card_code === 'off' ? 'Not asked for' : 'Asked for',
              ],
              ['Leads back to', <LongText key="r">{session.return_url}</LongText>],
              ['When canceled', <LongText key="x">{session.cancel_url}</LongText>],
              ['Ends', <DateTime key="e" value={session.expires_at} />],
              ['Created', <DateTime key="t" value={session.created_at} />],
            ]}
          />
        </Card>
        <MetadataCard metadata={session.metadata} />
      </div>
    </>
  );
}
