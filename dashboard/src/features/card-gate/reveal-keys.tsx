import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useActiveSession, useCan, useRead, useSend } from '../../api/index.ts';
import {
  Badge,
  Button,
  Card,
  ConfirmDialog,
  Dialog,
  Form,
  Notice,
  Table,
  TextArea,
  TextField,
  toast,
  type Values,
} from '../../ui/index.ts';
import { type RevealKey, useNameOf } from './data.ts';
import { Rows } from './rows.tsx';

const path = '/v1/reveal_keys';
const refresh = [path];
const said = { requested: 'Waits for approval', approved: 'Approved', removed: 'Removed' } as const;
const tones = { requested: 'warn', approved: 'ok', removed: 'neutral' } as const;

/** Public keys that cards are sealed to. */
export function RevealKeys(): ReactNode {
  const keys = useRead<schemas.RevealKeyList>(path);
  const can = useCan();
  const nameOf = useNameOf();
  const [registering, setRegistering] = useState(false);
  return (
    <Card
      flush
      title="Reveal keys"
      text="Cards are sealed to one of these public keys. Whoever has its private half reads them."
      actions={
        can('card_gate:request') && (
          <Button onClick={() => setRegistering(true)}>Register a key …</Button>
        )
      }
    >
      <Rows
        query={keys}
        empty={{ icon: 'key', title: 'No reveal keys', text: 'Nothing can be sealed yet.' }}
      >
        {(data) => (
          <Table
            caption="Reveal keys"
            rows={data}
            keyOf={({ id }) => id}
            columns={[
              { label: 'Name', cell: ({ name }) => <span className="wrap-anywhere">{name}</span> },
              {
                label: 'State',
                cell: ({ status }) => <Badge tone={tones[status]}>{said[status]}</Badge>,
              },
              {
                label: 'Thumbprint',
                wide: true,
                cell: ({ thumbprint }) => <code className="wrap-anywhere">{thumbprint}</code>,
              },
              { label: 'Registered by', cell: ({ requested_by }) => nameOf(requested_by) },
              { label: 'Acts', hideLabel: true, cell: (row) => <Acts revealKey={row} /> },
            ]}
          />
        )}
      </Rows>
      {registering && <Register onClose={() => setRegistering(false)} />}
    </Card>
  );
}

function Acts({ revealKey }: { revealKey: RevealKey }): ReactNode {
  const { id, name, status, requested_by, thumbprint } = revealKey;
  const [asked, setAsked] = useState<'approve' | 'remove'>();
  const can = useCan();
  const { member } = useActiveSession();
  const approve = useSend({ path: `${path}/${id}/approve`, refresh });
  const remove = useSend({ method: 'DELETE', path: `${path}/${id}`, refresh });
  const close = () => setAsked(undefined);
  if (status === 'removed') return null;
  return (
    <div className="flex flex-wrap gap-2">
      {status === 'requested' && requested_by !== member && can('card_gate:approve') && (
        <Button onClick={() => setAsked('approve')}>Approve …</Button>
      )}
      {can('card_gate:close') && (
        <Button look="danger-plain" onClick={() => setAsked('remove')}>
          Remove …
        </Button>
      )}
      <ConfirmDialog
        open={asked === 'approve'}
        onClose={close}
        title={`Let cards be sealed to ${name}?`}
        action="Approve the key"
        onConfirm={() => approve.mutateAsync().then(() => toast(`${name} is approved`))}
      >
        <p>
          Compare this thumbprint with the one of the key itself, where its private half is kept:
        </p>
        <code className="wrap-anywhere">{thumbprint}</code>
      </ConfirmDialog>
      <ConfirmDialog
        open={asked === 'remove'}
        onClose={close}
        title={`Remove ${name}?`}
        action="Remove the key"
        onConfirm={() => remove.mutateAsync().then(() => toast(`${name} is removed`))}
      >
        <p>Nothing is sealed to it from then on. It cannot be brought back.</p>
      </ConfirmDialog>
    </div>
  );
}

function Register({ onClose }: { onClose: () => void }): ReactNode {
  const [wrong, setWrong] = useState<string>();
  const send = useSend<RevealKey, schemas.CreateRevealKey>({ path, refresh });
  const register = async (values: Values) => {
    const public_key = readJwk(values['public_key'] ?? '');
    const complaint = complaintAbout(public_key);
    setWrong(complaint);
    if (public_key === undefined || complaint !== undefined) return;
    await send.mutateAsync({ name: values['name'] ?? '', public_key });
    toast('The key is registered', 'Another person has to approve it.');
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title="Register a reveal key">
      <Form
        onSubmit={register}
        submit="Register"
        actions={<Button onClick={onClose}>Cancel</Button>}
      >
        <TextField
          name="name"
          label="Name"
          hint="Where the private key is, and who looks after it"
          maxLength={100}
          autoComplete="off"
          required
        />
        <TextArea
          name="public_key"
          label="Public key, as JWK"
          hint="RSA of 3072 bits and more, or P-256. Never the private key"
          rows={6}
          spellCheck={false}
          required
        />
        {wrong !== undefined && <Notice tone="warn" title={wrong} live />}
      </Form>
    </Dialog>
  );
}

/** What is said of a key that is not sent. */
function complaintAbout(key: object | undefined): string | undefined {
  if (key === undefined) return 'This is not a JWK: it begins with {';
  if (!('d' in key)) return undefined;
  return 'This is the private key. It was not sent. Paste the public half only.';
}

function readJwk(text: string): schemas.RevealPublicKey | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null && 'kty' in read
      ? (read as schemas.RevealPublicKey)
      : undefined;
  } catch {
    return undefined;
  }
}
