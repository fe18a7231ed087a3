import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { counted } from './format.tsx';
import { ErrorState } from './notice.tsx';
import { Pagination } from './pagination.tsx';
import { LoadingRows } from './waiting.tsx';

type Page<Row> = { data: readonly Row[]; has_more: boolean };

/** A list that is on its way, failed, empty, or there; with its other pages. */
export function ListBody<Row extends { id: string }>({
  query,
  empty,
  children,
}: {
  query: UseQueryResult<Page<Row>>;
  /** Stands where there are no rows. */
  empty: ReactNode;
  children: (rows: readonly Row[]) => ReactNode;
}): ReactNode {
  if (query.isPending) return <LoadingRows rows={8} />;
  if (query.isError) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { data } = query.data;
  return (
    <div aria-busy={query.isPlaceholderData || undefined}>
      <p role="status" className="sr-only">
        {data.length === 0 ? 'Nothing found' : counted(data.length, 'row')}
        {query.data.has_more && ', and more on other pages'}
      </p>
      {data.length === 0 ? empty : children(data)}
      <Pagination page={query.data} />
    </div>
  );
}
