import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useCan, useSend } from '../../api/index.ts';
import { Button, Dialog, Form, TextField } from '../../ui/index.ts';
import { InvitationLink, type InvitationWithLink } from './invitation-link.tsx';
import { RolesFields } from './roles-fields.tsx';

/** Opens the dialog that invites somebody; nothing for those who may not. */
export function InviteButton({ primary = false }: { primary?: boolean }): ReactNode {
  const [open, setOpen] = useState(false);
  const can = useCan();
  if (!can('members:write')) return null;
  return (
    <>
      <Button look={primary ? 'primary' : 'plain'} icon="plus" onClick={() => setOpen(true)}>
        Invite somebody
      </Button>
      <InviteDialog open={open} onClose={() => setOpen(false)} />
    </>
  );
}

function InviteDialog({ open, onClose }: { open: boolean; onClose: () => void }): ReactNode {
  const [created, setCreated] = useState<InvitationWithLink>();
  const close = () => {
    setCreated(undefined);
    onClose();
  };
  if (created !== undefined) return <InvitationLink invitation={created} onClose={close} />;
  return (
    <Dialog open={open} onClose={close} title="Invite somebody">
      <InviteForm onCreated={setCreated} onCancel={close} />
    </Dialog>
  );
}

type FormProps = { onCreated: (created: InvitationWithLink) => void; onCancel: () => void };

function InviteForm({ onCreated, onCancel }: FormProps): ReactNode {
  const [roles, setRoles] = useState<schemas.RolesByMode>({ test: 'developer', live: null });
  const invite = useSend<InvitationWithLink, schemas.CreateInvitation>({
    path: '/v1/invitations',
    refresh: ['/v1/invitations'],
    onDone: onCreated,
  });
  const send = ({ email = '' }: Readonly<Record<string, string>>) =>
    invite.mutateAsync({ email: email.trim(), roles });
  return (
    <Form
      onSubmit={send}
      submit="Invite"
      disabled={roles.test === null && roles.live === null}
      actions={<Button onClick={onCancel}>Cancel</Button>}
    >
      <TextField
        name="email"
        type="email"
        label="Email address"
        hint="Only the person with this address can accept."
        autoComplete="off"
        required
        autoFocus
      />
      <RolesFields roles={roles} onChange={setRoles} />
    </Form>
  );
}
