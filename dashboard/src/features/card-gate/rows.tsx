import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { EmptyState, ErrorState, type IconName, LoadingRows } from '../../ui/index.ts';

type Props<Row> = {
  query: UseQueryResult<{ data: readonly Row[] }>;
  empty: { icon: IconName; title: string; text?: string };
  children: (rows: readonly Row[]) => ReactNode;
};

/** A list without further pages that is on its way, failed, empty, or there. */
export function Rows<Row>({ query, empty, children }: Props<Row>): ReactNode {
  if (query.isPending) return <LoadingRows rows={3} />;
  if (query.isError) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { data } = query.data;
  if (data.length > 0) return children(data);
  return (
    <EmptyState icon={empty.icon} title={empty.title}>
      {empty.text}
    </EmptyState>
  );
}
