import type { ReactNode } from 'react';
import { useRead } from '../../api/index.ts';
import {
  Badge,
  Card,
  type Column,
  DateTime,
  EmptyState,
  type Filter,
  FilterBar,
  ListBody,
  LongText,
  Table,
  useCursor,
  useFilters,
} from '../../ui/index.ts';
import { useNotedList } from '../activity/index.ts';
import { forwardStates, type Summary } from './data.ts';

const options = Object.entries(forwardStates).map(([value, [label]]) => ({ value, label }));
const filters: readonly Filter[] = [{ kind: 'select', name: 'status', label: 'Status', options }];

const columns: readonly Column<Summary>[] = [
  { label: 'Sent to', cell: ({ url }) => <LongText>{url}</LongText> },
  { label: 'Status', cell: ({ status }) => <ForwardStatus status={status} /> },
  { label: 'Answer', cell: ({ response_status }) => response_status ?? '' },
  { label: 'Sent', cell: ({ created_at }) => <DateTime value={created_at} />, align: 'end' },
];

export function ForwardStatus({ status }: Pick<Summary, 'status'>): ReactNode {
  const [label, tone] = forwardStates[status];
  return <Badge tone={tone}>{label}</Badge>;
}

/** What was sent in the last 30 days. */
export function Forwards(): ReactNode {
  useNotedList();
  const query = useFilters(filters);
  const cursor = useCursor();
  const list = useRead<{ data: Summary[]; has_more: boolean }>('/v1/forwards', {
    query: { ...query, ...cursor, limit: 25 },
    keep: true,
  });
  return (
    <Card flush title="Requests" text="What was sent in the last 30 days, without the cards.">
      <FilterBar filters={filters} />
      <div className="border-t border-line">
        <ListBody query={list} empty={<Nothing />}>
          {(rows) => (
            <Table
              caption="Requests with cards"
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              linkOf={({ id }) => `/forwards/${id}`}
            />
          )}
        </ListBody>
      </div>
    </Card>
  );
}

function Nothing(): ReactNode {
  return (
    <EmptyState icon="arrow-right" title="Nothing was sent here">
      A key with cards:forward sends requests: POST /v1/forward.
    </EmptyState>
  );
}
