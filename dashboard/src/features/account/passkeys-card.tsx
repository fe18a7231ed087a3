import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { ask, takeSession } from '../../api/index.ts';
import { makePasskey } from '../../api/passkeys.ts';
import {
  Badge,
  Button,
  Card,
  ConfirmDialog,
  DateTime,
  Dialog,
  EmptyState,
  Form,
  IconButton,
  Table,
  TextField,
  toast,
  type Values,
} from '../../ui/index.ts';

export type FactorCardProps = {
  factors: schemas.Factors;
  /** Reads the factors again, and shows recovery codes where there are new ones. */
  onChanged: (codes?: readonly string[]) => void;
};

export function PasskeysCard({ factors, onChanged }: FactorCardProps): ReactNode {
  const { passkeys, allowed } = factors;
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<schemas.Passkey>();
  const mayAdd = allowed.includes('passkey');
  const add = (
    <Button icon="plus" onClick={() => setAdding(true)}>
      Add a passkey
    </Button>
  );
  return (
    <Card
      title="Passkeys"
      text="Your fingerprint, face, PIN or a security key. They work on no false site."
      actions={mayAdd && passkeys.length > 0 && add}
      flush
    >
      {passkeys.length === 0 ? (
        <EmptyState icon="key" title="No passkeys yet" actions={mayAdd && add}>
          {mayAdd
            ? 'With a passkey you sign in without a password, and faster.'
            : 'Your organization does not allow passkeys.'}
        </EmptyState>
      ) : (
        <PasskeyTable passkeys={passkeys} onRemove={setRemoving} />
      )}
      <Dialog open={adding} onClose={() => setAdding(false)} title="Add a passkey">
        <AddPasskey
          onDone={(codes) => {
            setAdding(false);
            toast('The passkey was added');
            onChanged(codes);
          }}
        />
      </Dialog>
      <ConfirmDialog
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={`Remove ${removing?.name ?? ''}?`}
        action="Remove the passkey"
        onConfirm={async () => {
          await ask(`/v1/account/passkeys/${removing?.id ?? ''}`, { method: 'DELETE' });
          toast('The passkey was removed');
          onChanged();
        }}
      >
        <p>It will no longer sign you in. Your other sessions end.</p>
        <p className="quiet">It stays in the list of your device until you delete it there.</p>
      </ConfirmDialog>
    </Card>
  );
}

type TableProps = {
  passkeys: readonly schemas.Passkey[];
  onRemove: (passkey: schemas.Passkey) => void;
};

function PasskeyTable({ passkeys, onRemove }: TableProps): ReactNode {
  return (
    <Table
      caption="Your passkeys"
      rows={passkeys}
      keyOf={({ id }) => id}
      columns={[
        {
          label: 'Name',
          cell: ({ name, synced }) => (
            <span className="inline-flex flex-wrap items-center gap-2">
              {name} {synced && <Badge>Synced</Badge>}
            </span>
          ),
        },
        { label: 'Added', cell: (one) => <DateTime value={one.created_at} look="day" /> },
        {
          label: 'Last used',
          cell: ({ last_used_at: used }) =>
            used === null ? 'Never' : <DateTime value={used} look="ago" />,
        },
        {
          label: 'Remove',
          hideLabel: true,
          align: 'end',
          cell: (one) => (
            <IconButton icon="trash" label={`Remove ${one.name}`} onClick={() => onRemove(one)} />
          ),
        },
      ]}
    />
  );
}

function AddPasskey({ onDone }: { onDone: (codes: readonly string[]) => void }): ReactNode {
  const add = async ({ name = '' }: Values) => {
    const credential = await makePasskey('/v1/account/passkey_options');
    const body = { credential, ...(name.trim() === '' ? {} : { name: name.trim() }) };
    const enrolled = await ask<schemas.Enrolled>('/v1/account/passkeys', { method: 'POST', body });
    takeSession(enrolled.session);
    onDone(enrolled.recovery_codes);
  };
  return (
    <Form submit="Continue" onSubmit={add}>
      <TextField
        name="name"
        label={
          <>
            Name <small>(optional)</small>
          </>
        }
        hint="By which you will know it, e.g. the device it is on."
        maxLength={100}
        autoComplete="off"
        autoFocus
      />
    </Form>
  );
}
