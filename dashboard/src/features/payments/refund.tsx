import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { useRead } from '../../api/index.ts';
import { Card, DateTime, Details, formatMoney, Notice } from '../../ui/index.ts';
import {
  DeveloperButton,
  MetadataCard,
  ObjectHeader,
  ObjectLink,
  ObjectPage,
} from '../activity/index.ts';
import { explainFailure } from './explain.ts';
import { RefundStatus } from './status.tsx';

const list = { to: '/payments', label: 'Payments' };
const openPollMs = 2_000;

/** One refund. */
export default function RefundPage(): ReactNode {
  const { id = '' } = useParams();
  const query = useRead<schemas.Refund>(`/v1/refunds/${encodeURIComponent(id)}`, {
    pollMs: ({ status }) => status === 'pending' && openPollMs,
  });
  return (
    <ObjectPage query={query} kind="refund" list={list}>
      {(refund) => <Shown refund={refund} />}
    </ObjectPage>
  );
}

function Shown({ refund }: { refund: schemas.Refund }): ReactNode {
  const { id, amount, currency, status, failure, reason } = refund;
  const why = failure === null ? undefined : explainFailure(failure);
  return (
    <>
      <ObjectHeader
        kind="Refund"
        title={formatMoney(amount, currency)}
        id={id}
        parent={{ to: `/payments/${refund.payment}`, label: 'Its payment' }}
        after={<RefundStatus status={status} />}
        actions={<DeveloperButton id={id} path={`/v1/refunds/${id}`} value={refund} />}
      />
      <div className="grid gap-4">
        {status === 'pending' && (
          <div role="status">
            <Notice title="The outcome is not known yet">
              The processor has not confirmed it. PayOS keeps asking and sends nothing twice.
            </Notice>
          </div>
        )}
        {why !== undefined && (
          <Notice tone="danger" title={why.text}>
            {why.advice}
          </Notice>
        )}
        <Card title="Details">
          <Details
            entries={[
              ['Payment', <ObjectLink key="p" id={refund.payment} />],
              reason === null ? undefined : ['Reason', reason],
              ['Created', <DateTime key="c" value={refund.created_at} />],
              ['Last changed', <DateTime key="u" value={refund.updated_at} />],
            ]}
          />
        </Card>
        <MetadataCard metadata={refund.metadata} />
      </div>
    </>
  );
}
