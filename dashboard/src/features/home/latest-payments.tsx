import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useRead } from '../../api/index.ts';
import { Card, ErrorState, LinkButton, LoadingRows } from '../../ui/index.ts';
import { PaymentTable } from '../payments/index.ts';

type Page = { data: schemas.Payment[] };
const pollMs = 15_000;

/** What came in last; nothing where there is nothing yet. */
export function LatestPayments(): ReactNode {
  const list = useRead<Page>('/v1/payments', { query: { limit: 8 }, pollMs });
  if (list.data?.data.length === 0) return null;
  return (
    <Card
      title="Latest payments"
      flush
      actions={
        <LinkButton to="/payments" size="small">
          All payments
        </LinkButton>
      }
    >
      {list.isPending ? (
        <LoadingRows />
      ) : list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <PaymentTable caption="Latest payments" payments={list.data.data} />
      )}
    </Card>
  );
}
