import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useRead } from '../../api/index.ts';
import {
  Badge,
  Button,
  Card,
  type Column,
  DateTime,
  EmptyState,
  FilterBar,
  ListBody,
  PageHeader,
  Table,
  timeZone,
  useCursor,
  useFilters,
} from '../../ui/index.ts';
import { Entry } from './entry.tsx';
import { useAuditFilters } from './filters.ts';
import { Sentence } from './sentence.tsx';

type AuditEntry = schemas.AuditEntry;
type AuditPage = { data: AuditEntry[]; has_more: boolean; next: string | null };

/** Who changed what: an entry for every change, written with it. */
export default function AuditLog(): ReactNode {
  const filters = useAuditFilters();
  const wanted = useFilters(filters);
  const cursor = useCursor();
  const [open, setOpen] = useState<AuditEntry>();
  const query = { limit: 50, ...wanted, ...cursor };
  const entries = useRead<AuditPage>('/v1/audit_log', { query, keep: true });
  return (
    <>
      <PageHeader
        title="Audit log"
        text={`Every change, with who made it and from where. Nobody can alter or remove an entry.
          Times are in ${timeZone()}.`}
      />
      <Card flush>
        <FilterBar filters={filters} />
        <ListBody query={entries} empty={<Nothing filtered={Object.keys(wanted).length > 0} />}>
          {(rows) => (
            <Table
              caption="Audit log"
              columns={columnsFor(setOpen)}
              rows={rows}
              keyOf={({ id }) => id}
            />
          )}
        </ListBody>
      </Card>
      {open !== undefined && <Entry entry={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }): ReactNode {
  return (
    <EmptyState
      icon="list"
      title={filtered ? 'No entry matches these filters' : 'Nothing has been changed yet'}
    >
      <p>
        {filtered
          ? 'Clear one of them, or choose a longer time.'
          : 'The first change that anybody makes will stand here.'}
      </p>
    </EmptyState>
  );
}

const columnsFor = (onOpen: (entry: AuditEntry) => void): readonly Column<AuditEntry>[] => [
  { label: 'When', cell: ({ created_at: at }) => <DateTime value={at} /> },
  {
    label: 'What happened',
    wide: true,
    cell: (entry) => (
      <span className="block">
        <Sentence entry={entry} />
        {entry.address !== null && (
          <span className="quiet block text-xs break-all">from {entry.address}</span>
        )}
      </span>
    ),
  },
  {
    label: 'Mode',
    cell: ({ mode }) =>
      mode === null ? (
        <span className="quiet">–</span>
      ) : (
        <Badge tone={mode === 'test' ? 'test' : 'neutral'}>
          {mode === 'test' ? 'Test' : 'Live'}
        </Badge>
      ),
  },
  {
    label: 'Details',
    hideLabel: true,
    cell: (entry) => (
      <span className="flex justify-end">
        <Button
          size="small"
          look="quiet"
          aria-label={`Details of entry ${entry.id}, ${entry.action}`}
          onClick={() => onOpen(entry)}
        >
          Details
        </Button>
      </span>
    ),
  },
];
