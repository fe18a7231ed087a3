import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { ask, useRead, useSend } from '../../api/index.ts';
import {
  Badge,
  Button,
  Card,
  ConfirmDialog,
  counted,
  DateTime,
  ErrorState,
  LoadingRows,
  ProblemNotice,
  Table,
  toast,
} from '../../ui/index.ts';
import { AccountPage } from './account-page.tsx';

const path = '/v1/account/sessions';

export default function SessionsPage(): ReactNode {
  const sessions = useRead<schemas.AccountSessionList>(path);
  const end = useSend<schemas.Ended, string>({
    method: 'DELETE',
    path: (id) => `${path}/${id}`,
    body: () => undefined,
    refresh: [path],
    onDone: () => toast('The session has ended'),
  });
  const all = sessions.data?.data ?? [];
  return (
    <AccountPage title="Your sessions">
      <Card
        title="Where you are signed in"
        text="End what you do not know, then change your password."
        actions={all.length > 1 && <EndOthers onDone={() => void sessions.refetch()} />}
        flush
      >
        {sessions.isPending && <LoadingRows />}
        {sessions.isError && (
          <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
        )}
        {end.isError && <ProblemNotice error={end.error} />}
        {sessions.isSuccess && (
          <SessionTable
            sessions={all}
            ending={end.isPending ? end.variables : undefined}
            onEnd={(id) => end.mutate(id)}
          />
        )}
      </Card>
    </AccountPage>
  );
}

function EndOthers({ onDone }: { onDone: () => void }): ReactNode {
  const [asking, setAsking] = useState(false);
  const endOthers = async () => {
    const { ended } = await ask<schemas.Ended>(`${path}/end_others`, { method: 'POST', body: {} });
    toast(`${counted(ended, 'session')} ended`);
    onDone();
  };
  return (
    <>
      <Button look="danger-plain" onClick={() => setAsking(true)}>
        End all others
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="End all other sessions?"
        action="End them"
        onConfirm={endOthers}
      >
        <p>You stay signed in here. Everywhere else you will have to sign in again.</p>
      </ConfirmDialog>
    </>
  );
}

const proofNames: Record<schemas.Proof, string> = {
  password: 'password',
  passkey: 'passkey',
  totp: 'app code',
  recovery_code: 'recovery code',
};

type TableProps = {
  sessions: readonly schemas.AccountSession[];
  ending: string | undefined;
  onEnd: (id: string) => void;
};

function SessionTable({ sessions, ending, onEnd }: TableProps): ReactNode {
  return (
    <Table
      caption="Your sessions"
      rows={sessions}
      keyOf={({ id }) => id}
      columns={[
        {
          label: 'Device',
          cell: ({ device, current }) => (
            <span className="inline-flex flex-wrap items-center gap-2">
              {device} {current && <Badge tone="accent">This one</Badge>}
            </span>
          ),
        },
        { label: 'Address', cell: ({ address }) => <code>{address ?? '–'}</code> },
        {
          label: 'Signed in',
          cell: ({ created_at: began, proofs }) => (
            <span>
              <DateTime value={began} look="ago" />{' '}
              <span className="quiet text-sm">
                with {proofs.map((proof) => proofNames[proof]).join(', ')}
              </span>
            </span>
          ),
        },
        { label: 'Last used', cell: (one) => <DateTime value={one.last_used_at} look="ago" /> },
        {
          label: 'End',
          hideLabel: true,
          align: 'end',
          cell: ({ id, current, device }) =>
            !current && (
              <Button
                size="small"
                busy={ending === id}
                aria-label={`End the session on ${device}`}
                onClick={() => onEnd(id)}
              >
                End
              </Button>
            ),
        },
      ]}
    />
  );
}
