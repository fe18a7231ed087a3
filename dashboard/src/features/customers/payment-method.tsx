import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useCan, useRead } from '../../api/index.ts';
import { Button, Card, DateTime, Details } from '../../ui/index.ts';
import { DeveloperButton, ObjectHeader, ObjectLink, ObjectPage } from '../activity/index.ts';
import { brandName } from '../payments/index.ts';
import { issuedAs } from './card-facts.ts';
import { DeleteCardDialog } from './delete-card-dialog.tsx';
import { ExpiryDialog } from './expiry-dialog.tsx';
import { ExpiryLabel } from './expiry-label.tsx';

const list = { to: '/customers', label: 'Customers' };

/** One saved card. */
export default function PaymentMethodPage(): ReactNode {
  const { id = '' } = useParams();
  const query = useRead<schemas.PaymentMethod>(`/v1/payment_methods/${encodeURIComponent(id)}`);
  return (
    <ObjectPage query={query} kind="saved card" list={list}>
      {(method) => <Shown method={method} />}
    </ObjectPage>
  );
}

function Shown({ method }: { method: schemas.PaymentMethod }): ReactNode {
  const { id, card, customer, created_at, fingerprint } = method;
  const issued = issuedAs(card);
  const can = useCan();
  const navigate = useNavigate();
  const [leaving, setLeaving] = useState(false);
  const [changing, setChanging] = useState(false);
  return (
    <>
      <ObjectHeader
        kind="Saved card"
        title={`${brandName(card.brand)} •••• ${card.last4}`}
        id={id}
        parent={{ to: `/customers/${customer}`, label: 'Customer' }}
        actions={
          <>
            {can('customers:write') && (
              <Button onClick={() => setChanging(true)}>Change the expiry</Button>
            )}
            {can('customers:write') && (
              <Button look="danger-plain" icon="trash" onClick={() => setLeaving(true)}>
                Delete
              </Button>
            )}
            <DeveloperButton id={id} path={`/v1/payment_methods/${id}`} value={method} />
          </>
        }
      />
      <Card title="Details">
        <Details
          entries={[
            ['Customer', <ObjectLink key="c" id={customer} />],
            ['First six', <span key="b">{card.bin}</span>],
            issued === '' ? undefined : ['Kind', issued],
            ['Expires', <ExpiryLabel key="e" card={card} />],
            ['Saved', <DateTime key="t" value={created_at} />],
            fingerprint == null ? undefined : ['Same card', <code key="f">{fingerprint}</code>],
          ]}
        />
      </Card>
      {changing && <ExpiryDialog method={method} onClose={() => setChanging(false)} />}
      {leaving && (
        <DeleteCardDialog
          method={method}
          onClose={() => setLeaving(false)}
          onDone={() => void navigate(`/customers/${customer}`)}
        />
      )}
    </>
  );
}
