import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useCan } from '../../api/index.ts';
import {
  Card,
  type Column,
  DateTime,
  EmptyState,
  ErrorState,
  formatNumber,
  LoadingRows,
  LongText,
  Table,
} from '../../ui/index.ts';
import { type KeyEntry, type KeyUsage, useUsage } from './data.ts';

type Use = KeyUsage['uses'][number];

/** Who uses a key and from where, latest first. */
export function KeyUses({ apiKey: { id } }: { apiKey: KeyEntry }): ReactNode {
  const usage = useUsage(id);
  const can = useCan();
  return (
    <Card
      flush
      title="Who uses it, and from where"
      text="Counted every few seconds."
      actions={
        can('audit_log:read') ? (
          <Link className="link text-sm" to={`/audit-log?actor=${id}`}>
            What it changed
          </Link>
        ) : undefined
      }
    >
      {usage.isPending && <LoadingRows rows={3} />}
      {usage.isError && <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />}
      {usage.isSuccess && usage.data.uses.length === 0 && (
        <EmptyState icon="key" title="Nobody has used it yet">
          Its first request will stand here, with the address and the program it came from.
        </EmptyState>
      )}
      {usage.isSuccess && usage.data.uses.length > 0 && (
        <Table
          caption="Uses of the key"
          columns={columns}
          rows={usage.data.uses}
          keyOf={({ address, user_agent: agent }) => `${address} ${agent}`}
        />
      )}
    </Card>
  );
}

const columns: readonly Column<Use>[] = [
  { label: 'Address', cell: ({ address }) => <code className="break-all">{address}</code> },
  {
    label: 'Program',
    cell: ({ user_agent: agent }) =>
      agent === '' ? <span className="quiet">Did not say</span> : <LongText>{agent}</LongText>,
  },
  { label: 'Requests', align: 'end', cell: ({ requests }) => formatNumber(requests) },
  { label: 'First', cell: ({ first_used_at: at }) => <DateTime value={at} look="day" /> },
  { label: 'Last', cell: ({ last_used_at: at }) => <DateTime value={at} look="ago" /> },
];
