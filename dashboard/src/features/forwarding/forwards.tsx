import type { ReactNode } from 'react';
import { Badge, type Column, DateTime, EmptyState, type Filter, LongText } from '../../ui/index.ts';
import { ObjectList } from '../activity/index.ts';
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
  return (
    <ObjectList<Summary>
      api="/v1/forwards"
      to="/forwards"
      title="Requests"
      text="What was sent in the last 30 days, without the cards."
      caption="Requests with cards"
      filters={filters}
      columns={columns}
      empty={<Nothing />}
    />
  );
}

function Nothing(): ReactNode {
  return (
    <EmptyState icon="arrow-right" title="Nothing was sent here">
      A key with cards:forward sends requests: POST /v1/forward.
    </EmptyState>
  );
}
