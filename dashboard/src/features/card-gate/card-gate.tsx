import { type ReactNode, useState } from 'react';
import { useActiveSession, useCan, useRead } from '../../api/index.ts';
import {
  Badge,
  Button,
  Card,
  DateTime,
  Details,
  ErrorState,
  LoadingPage,
  Notice,
  PageHeader,
} from '../../ui/index.ts';
import { type Attestation, type Gate, levels, sayScopes, useNameOf } from './data.ts';
import { ApproveDialog, CloseDialog, RejectDialog } from './dialogs.tsx';
import { History } from './history.tsx';
import { RequestForm } from './request-form.tsx';
import { RevealKeys } from './reveal-keys.tsx';
import { Reveals } from './reveals.tsx';
import { WhyClosed } from './why-closed.tsx';

/** Whether card numbers may come from servers and be read again, and who says so. */
export default function CardGate(): ReactNode {
  const gate = useRead<Gate>('/v1/card_gate');
  const can = useCan();
  return (
    <>
      <PageHeader
        title="Card gate"
        text="Card numbers stay in the vault. Two people can open a gate to them, for as long as an
          attestation of compliance counts."
      />
      <div className="grid grid-cols-1 gap-5">
        {gate.isError && <ErrorState error={gate.error} onRetry={() => void gate.refetch()} />}
        {gate.isPending && <LoadingPage />}
        {gate.isSuccess && (
          <>
            <Standing gate={gate.data} />
            {gate.data.requested !== null && <Requested attestation={gate.data.requested} />}
            {gate.data.requested === null && can('card_gate:request') && <RequestForm />}
          </>
        )}
        <RevealKeys />
        <Reveals />
        <History />
      </div>
    </>
  );
}

function Standing({ gate }: { gate: Gate }): ReactNode {
  const [closing, setClosing] = useState(false);
  const { open, mode, requested } = gate;
  const mayClose = useCan()('card_gate:close') && (open !== null || requested !== null);
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2">
          The gate of {mode} mode
          <Badge tone={open === null ? 'ok' : 'warn'}>{open === null ? 'Closed' : 'Open'}</Badge>
        </span>
      }
      text={
        open === null
          ? 'Card numbers come in through the secure fields, and nobody reads them again.'
          : `It lets through: ${sayScopes(open.scopes)}.`
      }
      actions={
        mayClose && (
          <Button look="danger-plain" onClick={() => setClosing(true)}>
            Close it now …
          </Button>
        )
      }
    >
      <div className="grid gap-4">
        {open !== null && <Facts attestation={open} />}
        {gate.closed !== null && <WhyClosed attestation={gate.closed} />}
        <Notice tone="info" title="What opening it means">
          <p>
            Systems that touch card numbers, and whatever is connected to them, are in the scope of
            your PCI DSS assessment: SAQ D, or a report on compliance. Without it less may be due,
            which depends on who runs PayOS. To charge saved cards you need neither.
          </p>
          {mode === 'test' && (
            <p>
              In test mode card numbers from servers need no gate, because only published test cards
              are taken. Reading them again can be rehearsed here.
            </p>
          )}
        </Notice>
      </div>
      {closing && <CloseDialog mode={mode} onClose={() => setClosing(false)} />}
    </Card>
  );
}

function Facts({ attestation }: { attestation: Attestation }): ReactNode {
  const nameOf = useNameOf();
  const { limits, decided_by } = attestation;
  return (
    <Details
      entries={[
        ['Attestation', levels[attestation.level]],
        ['Assessor', attestation.assessor],
        [
          'Document, SHA-256',
          <code key="hash" className="wrap-anywhere">
            {attestation.document_sha256}
          </code>,
        ],
        ['Opens', sayScopes(attestation.scopes)],
        ['Counts from', <DateTime key="from" value={attestation.valid_from} />],
        ['Counts until', <DateTime key="until" value={attestation.valid_until} />],
        attestation.scopes.reveal
          ? [
              'Cards read at most',
              `${limits.key_per_hour} an hour and ${limits.key_per_day} a day by each key, ` +
                `${limits.all_per_hour} and ${limits.all_per_day} by all`,
            ]
          : undefined,
        ['Asked for by', nameOf(attestation.requested_by)],
        decided_by === null ? undefined : ['Approved by', nameOf(decided_by)],
      ]}
    />
  );
}

function Requested({ attestation }: { attestation: Attestation }): ReactNode {
  const [asked, setAsked] = useState<'approve' | 'reject'>();
  const { member } = useActiveSession();
  const may = useCan()('card_gate:approve');
  const close = () => setAsked(undefined);
  const mine = attestation.requested_by === member;
  return (
    <Card title="Waiting for a second person" text="It opens nothing until somebody else approves.">
      <Facts attestation={attestation} />
      {mine && <p className="quiet">You asked for it: another person has to approve.</p>}
      {may && (
        <div className="flex flex-wrap gap-2">
          {!mine && <Button onClick={() => setAsked('approve')}>Approve …</Button>}
          <Button look="danger-plain" onClick={() => setAsked('reject')}>
            Reject …
          </Button>
        </div>
      )}
      {asked === 'approve' && <ApproveDialog attestation={attestation} onClose={close} />}
      {asked === 'reject' && <RejectDialog attestation={attestation} onClose={close} />}
    </Card>
  );
}
