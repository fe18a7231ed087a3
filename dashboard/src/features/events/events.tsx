import { allEventTypes, type schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useMode, useRead } from '../../api/index.ts';
import { CustomRange, RangeFilter, useCreatedRange } from '../../shared/range-filter.tsx';
import {
  Card,
  type Column,
  DateTime,
  EmptyState,
  type Filter,
  FilterBar,
  LinkButton,
  ListBody,
  PageHeader,
  Table,
  useCursor,
  useFilters,
} from '../../ui/index.ts';
import { EventType, ObjectLink, sayType, useNotedList } from '../activity/index.ts';
import { objectOf } from './object-of.ts';

type Page = { data: schemas.Event[]; has_more: boolean };

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
  useNotedList();
  const query = { ...useFilters(filters), ...useCreatedRange() };
  const cursor = useCursor();
  const list = useRead<Page>('/v1/events', {
    query: { ...query, ...cursor, limit: 25 },
    keep: true,
  });
  return (
    <>
      <PageHeader title="Events" />
      <Card flush>
        <FilterBar filters={filters}>
          <RangeFilter />
          <CustomRange />
        </FilterBar>
        <div className="border-t border-line">
          <ListBody query={list} empty={<NoEvents />}>
            {(rows) => (
              <Table
                caption="Events"
                columns={columns}
                rows={rows}
                keyOf={({ id }) => id}
                linkOf={({ id }) => `/events/${id}`}
              />
            )}
          </ListBody>
        </div>
      </Card>
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
