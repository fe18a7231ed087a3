import type { UseQueryResult } from '@tanstack/react-query';
import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Card, ErrorState, LinkButton, LoadingRows } from '../../ui/index.ts';
import { PaymentTable } from '../payments/index.ts';

/** What came in last; nothing where there is nothing yet. */
export function LatestPayments({
  list,
}: {
  list: UseQueryResult<{ data: schemas.Payment[] }>;
}): ReactNode {
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
