import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { useRead } from '../../api/index.ts';
import { Card, DateTime, Details, LongText, Notice } from '../../ui/index.ts';
import { DeveloperButton, JsonBlock, ObjectHeader, ObjectPage } from '../activity/index.ts';
import { ForwardStatus } from './forwards.tsx';

const list = { to: '/forwarding', label: 'Forwarding' };

/** One request with a card, and its answer, without the card. */
export default function ForwardPage(): ReactNode {
  const { id = '' } = useParams();
  const query = useRead<schemas.ForwardRecord>(`/v1/forwards/${encodeURIComponent(id)}`);
  return (
    <ObjectPage query={query} kind="forward" list={list}>
      {(forward) => <Shown forward={forward} />}
    </ObjectPage>
  );
}

function Shown({ forward }: { forward: schemas.ForwardRecord }): ReactNode {
  const { id, request, response, status, failure } = forward;
  return (
    <>
      <ObjectHeader
        kind="Forward"
        title={`${request.method} ${new URL(request.url).host}`}
        id={id}
        parent={list}
        after={<ForwardStatus status={status} />}
        actions={<DeveloperButton id={id} path={`/v1/forwards/${id}`} value={forward} />}
      />
      <div className="grid grid-cols-1 gap-4">
        {status === 'unknown' && (
          <Notice tone="warn" title="It may have arrived">
            <p>It is never sent again. Ask the destination whether it has it.</p>
          </Notice>
        )}
        <Card title="Details">
          <Details
            entries={[
              ['URL', <LongText key="url">{request.url}</LongText>],
              ['Destination', forward.destination],
              ['Card', forward.token ?? forward.payment_method],
              failure === null ? undefined : ['Why', failure],
              response === null ? undefined : ['Answer', String(response.status)],
              ['Sent', <DateTime key="sent" value={forward.created_at} />],
            ]}
          />
        </Card>
        <Card title="Request" text="As it was written: the vault filled the card in.">
          <JsonBlock label="Request" value={{ headers: request.headers, body: request.body }} />
        </Card>
        {response !== null && (
          <Card title="Answer" text={redactions[response.redacted]}>
            <JsonBlock label="Answer" value={{ headers: response.headers, body: response.body }} />
          </Card>
        )}
      </div>
    </>
  );
}

const redactions = {
  none: 'It did not repeat the card.',
  replaced: 'It repeated the card: those values were taken out.',
  withheld: 'Its body was withheld by the vault.',
} as const;
