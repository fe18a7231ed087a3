import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import { useSend } from '../../api/index.ts';
import { Button, ConfirmDialog, toast } from '../../ui/index.ts';
import type { Role } from './data.ts';

/** Deletes a custom role that nobody has. */
export function DeleteRole({ role }: { role: Role }): ReactNode {
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
  const remove = useSend({
    method: 'DELETE',
    path: `/v1/roles/${role.id}`,
    refresh: ['/v1/roles'],
  });
  const confirm = async () => {
    await remove.mutateAsync();
    toast(`The role ${role.name} was deleted`);
    await navigate('/roles');
  };
  return (
    <>
      <Button look="danger-plain" icon="trash" onClick={() => setOpen(true)}>
        Delete
      </Button>
      <ConfirmDialog
        open={open}
        onClose={() => setOpen(false)}
        title={`Delete the role ${role.name}?`}
        action="Delete the role"
        typed={role.name}
        onConfirm={confirm}
      >
        <p>
          It cannot be brought back. Members and open invitations that have it need another role
          first.
        </p>
      </ConfirmDialog>
    </>
  );
}
