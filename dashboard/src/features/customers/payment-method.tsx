import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useCan, useRead } from '../../api/index.ts';
import { Button, Card, DateTime, Details } from '../../ui/index.ts';
import { DeveloperButton, ObjectHeader, ObjectLink, ObjectPage } from '../activity/index.ts';
import { brandName, expiry } from '../payments/index.ts';
import { DeleteCardDialog } from './delete-card-dialog.tsx';

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
  const { id, card, customer, created_at } = method;
  const can = useCan();
  const navigate = useNavigate();
  const [leaving, setLeaving] = useState(false);
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
            ['Expires', expiry(card)],
            ['Saved', <DateTime key="t" value={created_at} />],
          ]}
        />
      </Card>
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
