import { allEventTypes, type schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useMode } from '../../api/index.ts';
import { CustomRange, RangeFilter, useCreatedRange } from '../../shared/range-filter.tsx';
import {
  type Column,
  DateTime,
  EmptyState,
  type Filter,
  LinkButton,
  PageHeader,
} from '../../ui/index.ts';
import { EventType, ObjectLink, ObjectList, sayType } from '../activity/index.ts';
import { objectOf } from './object-of.ts';

const filters: readonly Filter[] = [
  { kind: 'search', name: 'object', label: 'Object', placeholder: 'Id of an object, pay_…' },
  {
    kind: 'select',
    name: 'type',
    label: 'Type',
    options: allEventTypes.map((type) => ({ value: type, label: type })),
  },
];

const columns: readonly Column<schemas.Event>[] = [
  { label: 'Type', cell: ({ type }) => <EventType type={type} /> },
  { label: 'What happened', cell: ({ type }) => <span className="quiet">{sayType(type)}</span> },
  { label: 'Object', cell: (event) => <Subject event={event} /> },
  { label: 'Time', cell: ({ created_at }) => <DateTime value={created_at} />, align: 'end' },
];

/** What happened, in the order in which it became true; what webhooks tell of. */
export default function Events(): ReactNode {
  const range = useCreatedRange();
  return (
    <>
      <PageHeader title="Events" />
      <ObjectList<schemas.Event>
        api="/v1/events"
        to="/events"
        caption="Events"
        filters={filters}
        moreFilters={
          <>
            <RangeFilter />
            <CustomRange />
          </>
        }
        moreQuery={range}
        columns={columns}
        empty={<NoEvents />}
      />
    </>
  );
}

function Subject({ event }: { event: schemas.Event }): ReactNode {
  const id = objectOf(event);
  return id === undefined ? <span className="quiet">–</span> : <ObjectLink id={id} />;
}

function NoEvents(): ReactNode {
  const mode = useMode();
  const [params] = useSearchParams();
  if (params.size > 0) {
    return (
      <EmptyState
        icon="search"
        title="No event matches"
        actions={<LinkButton to="/events">Show all events</LinkButton>}
      >
        Events are found by the whole id of the object they are about.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="bell"
      title={`No events in ${mode} mode yet`}
      actions={
        <LinkButton to="/" look="primary">
          Make a payment
        </LinkButton>
      }
    >
      Every change leaves one, with the object as it was then. Webhooks bring them to you.
    </EmptyState>
  );
}
