import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useRead } from '../../api/index.ts';
import { Badge, Card, DateTime, Table } from '../../ui/index.ts';
import { causes, sayScopes, useNameOf } from './data.ts';
import { Rows } from './rows.tsx';

const said = {
  requested: 'Waits for approval',
  scheduled: 'Approved, not yet',
  open: 'Open',
  replaced: 'Replaced',
  expired: 'Ended',
  rejected: 'Rejected',
  closed: 'Closed',
} as const;
const tones = { requested: 'warn', open: 'warn' } as Readonly<Record<string, 'warn' | undefined>>;

/** All that was asked for in this mode. */
export function History(): ReactNode {
  const all = useRead<schemas.CardGateAttestationList>('/v1/card_gate/attestations');
  const nameOf = useNameOf();
  return (
    <Card flush title="History" text="Every request of this mode, and what became of it.">
      <Rows query={all} empty={{ icon: 'clock', title: 'Nobody has asked for the gate yet' }}>
        {(data) => (
          <Table
            caption="Requests to open the card gate"
            rows={data}
            keyOf={({ id }) => id}
            columns={[
              { label: 'Asked', cell: ({ requested_at }) => <DateTime value={requested_at} /> },
              { label: 'By', cell: ({ requested_by }) => nameOf(requested_by) },
              {
                label: 'State',
                cell: ({ status }) => (
                  <Badge tone={tones[status] ?? 'neutral'}>{said[status]}</Badge>
                ),
              },
              { label: 'Opens', cell: ({ scopes }) => sayScopes(scopes) },
              { label: 'Until', cell: ({ valid_until }) => <DateTime value={valid_until} /> },
              { label: 'Decided by', cell: ({ decided_by }) => nameOf(decided_by) },
              {
                label: 'Why closed',
                cell: ({ closed_cause: cause, closed_reason: reason }) => (
                  <span className="wrap-anywhere">
                    {reason ?? (cause === null ? '' : causes[cause])}
                  </span>
                ),
              },
            ]}
          />
        )}
      </Rows>
    </Card>
  );
}
