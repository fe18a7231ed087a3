import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useRead } from '../../api/index.ts';
import { DateTime, EmptyState, ErrorState, LoadingRows } from '../../ui/index.ts';
import { EventType } from './event-type.tsx';
import { sayType } from './say-type.ts';

type Page = { data: schemas.Event[]; has_more: boolean };

/** The newest events about an object. */
export function ObjectEvents({ id }: { id: string }): ReactNode {
  const list = useRead<Page>('/v1/events', { query: { object: id, limit: 50 } });
  if (list.isPending) return <LoadingRows />;
  if (list.isError) {
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (list.data.data.length === 0) {
    return (
      <EmptyState icon="bell" title="No events">
        Nothing has been told about this object.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="rows">
        {list.data.data.map((event) => (
          <li key={event.id} className="row">
            <span className="grid min-w-0">
              <Link to={`/events/${event.id}`} className="link w-fit">
                <EventType type={event.type} />
              </Link>
              <span className="quiet text-sm">{sayType(event.type)}</span>
            </span>
            <span className="quiet text-sm">
              <DateTime value={event.created_at} />
            </span>
          </li>
        ))}
      </ul>
      {list.data.has_more && (
        <p className="mt-3">
          <Link to={`/events?object=${id}`} className="link">
            All events of this object
          </Link>
        </p>
      )}
    </>
  );
}
