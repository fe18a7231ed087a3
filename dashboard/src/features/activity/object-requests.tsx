import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useRead } from '../../api/index.ts';
import { EmptyState, ErrorState, LoadingRows } from '../../ui/index.ts';
import { RequestRow } from './request-row.tsx';

type Page = { data: schemas.ApiRequest[]; has_more: boolean };

/** The newest API requests that were about an object. */
export function ObjectRequests({ id }: { id: string }): ReactNode {
  const list = useRead<Page>('/v1/requests', { query: { object: id, limit: 50 } });
  if (list.isPending) return <LoadingRows />;
  if (list.isError) {
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (list.data.data.length === 0) {
    return (
      <EmptyState icon="list" title="No requests">
        Changes and refusals are kept for 30 days; reads that went well are not.
      </EmptyState>
    );
  }
  return (
    <ul className="rows">
      {list.data.data.map((request) => (
        <RequestRow key={request.id} request={request} />
      ))}
    </ul>
  );
}
