import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useRead } from '../../api/index.ts';
import { Card, DateTime, EmptyState, ListBody, Table, useCursor } from '../../ui/index.ts';
import { type Reveal, reasons } from './data.ts';

/** The cards that were read, newest first. */
export function Reveals(): ReactNode {
  const cursor = useCursor();
  const reveals = useRead<{ data: Reveal[]; has_more: boolean }>('/v1/reveals', {
    query: { ...cursor, limit: 25 },
    keep: true,
  });
  return (
    <Card flush title="Cards that were read" text="Who read which card, and why.">
      <ListBody query={reveals} empty={<EmptyState icon="eye-off" title="No card was read" />}>
        {(data) => (
          <Table
            caption="Cards that were read"
            rows={data}
            keyOf={({ id }) => id}
            columns={[
              { label: 'When', cell: ({ created_at }) => <DateTime value={created_at} /> },
              {
                label: 'By key',
                cell: ({ key }) => (
                  <Link className="link wrap-anywhere" to={`/api-keys/${key}`}>
                    {key}
                  </Link>
                ),
              },
              { label: 'From', cell: ({ address }) => <code>{address}</code> },
              {
                label: 'Why',
                cell: ({ reason }) => (
                  <span className="wrap-anywhere">
                    {reasons[reason.code]}: {reason.text}
                  </span>
                ),
              },
              {
                label: 'Card',
                wide: true,
                cell: ({ payment_method, token }) => (
                  <code className="wrap-anywhere">{payment_method ?? token}</code>
                ),
              },
            ]}
          />
        )}
      </ListBody>
    </Card>
  );
}
