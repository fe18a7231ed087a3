import { type ReactNode, useState } from 'react';
import { useActiveSession, useCan, useRead } from '../../api/index.ts';
import {
  Badge,
  Button,
  Card,
  DateTime,
  Details,
  EmptyState,
  ErrorState,
  LoadingRows,
} from '../../ui/index.ts';
import {
  type Destination,
  type DestinationPage,
  destinationStates,
  destinationsPath,
  sayFields,
  useNameOf,
} from './data.ts';
import { ApproveDialog, RefuseDialog, RemoveDialog } from './dialogs.tsx';

/** Where cards may be sent, may have been, and may be soon. */
export function Destinations(): ReactNode {
  const list = useRead<DestinationPage>(destinationsPath, { query: { limit: 100 } });
  if (list.isPending) return <LoadingRows rows={3} />;
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (list.data.data.length === 0) {
    return (
      <Card>
        <EmptyState icon="arrow-right" title="No destination here">
          Nobody but the processors of PayOS gets a card.
        </EmptyState>
      </Card>
    );
  }
  return list.data.data.map((one) => <Shown key={one.id} destination={one} />);
}

type Asked = 'approve' | 'refuse' | 'remove';

function Shown({ destination }: { destination: Destination }): ReactNode {
  const [asked, setAsked] = useState<Asked>();
  const nameOf = useNameOf();
  const [state, tone] = destinationStates[destination.status];
  const { decided_by, removed_at } = destination;
  const close = () => setAsked(undefined);
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2 wrap-anywhere">
          {destination.name} <Badge tone={tone}>{state}</Badge>
        </span>
      }
    >
      <Details
        entries={[
          [
            'URL',
            <code key="url" className="wrap-anywhere">
              {destination.url}
            </code>,
          ],
          ['Sent as', destination.content_type],
          [
            'Places',
            <ul key="fields" className="wrap-anywhere">
              {sayFields(destination.fields).map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>,
          ],
          ['Named by', nameOf(destination.requested_by)],
          ['Named', <DateTime key="at" value={destination.created_at} />],
          decided_by === null ? undefined : ['Decided by', nameOf(decided_by)],
          removed_at === null ? undefined : ['Removed', <DateTime key="gone" value={removed_at} />],
        ]}
      />
      <Acts destination={destination} onAsk={setAsked} />
      {asked === 'approve' && <ApproveDialog destination={destination} onClose={close} />}
      {asked === 'refuse' && <RefuseDialog destination={destination} onClose={close} />}
      {asked === 'remove' && <RemoveDialog destination={destination} onClose={close} />}
    </Card>
  );
}

function Acts({
  destination,
  onAsk,
}: {
  destination: Destination;
  onAsk: (asked: Asked) => void;
}): ReactNode {
  const { member } = useActiveSession();
  const can = useCan();
  const { status, requested_by } = destination;
  const mine = requested_by === member;
  const decides = status === 'pending' && can('forwarding:approve');
  const removes = (status === 'pending' || status === 'active') && can('forwarding:write');
  return (
    <>
      {status === 'pending' && mine && (
        <p className="quiet">You named it: another person has to approve.</p>
      )}
      {(decides || removes) && (
        <div className="flex flex-wrap gap-2">
          {decides && !mine && (
            <>
              <Button onClick={() => onAsk('approve')}>Approve …</Button>
              <Button look="danger-plain" onClick={() => onAsk('refuse')}>
                Refuse …
              </Button>
            </>
          )}
          {removes && (
            <Button look="danger-plain" onClick={() => onAsk('remove')}>
              Remove …
            </Button>
          )}
        </div>
      )}
    </>
  );
}
