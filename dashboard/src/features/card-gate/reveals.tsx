import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useRead } from '../../api/index.ts';
import { Card, DateTime, Table } from '../../ui/index.ts';
import { reasons } from './data.ts';
import { Rows } from './rows.tsx';

/** The cards that were read last. */
export function Reveals(): ReactNode {
  const reveals = useRead<schemas.RevealList>('/v1/reveals');
  return (
    <Card flush title="Cards that were read" text="Who read which card, and why. The last hundred.">
      <Rows query={reveals} empty={{ icon: 'eye-off', title: 'No card was read' }}>
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
      </Rows>
    </Card>
  );
}
