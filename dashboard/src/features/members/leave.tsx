import { type ReactNode, useState } from 'react';
import { readSession } from '../../api/client.ts';
import { useActiveSession, useSend } from '../../api/index.ts';
import { Button, Card, ConfirmDialog } from '../../ui/index.ts';

/** Leaving the organization: whoever may see nothing of the others can do it, too. */
export function LeaveCard(): ReactNode {
  const { organization } = useActiveSession();
  const [open, setOpen] = useState(false);
  const leave = useSend({ path: '/v1/members/leave' });
  if (organization === null) return null;
  const { name } = organization;
  const confirm = async () => {
    await leave.mutateAsync();
    await readSession(true);
  };
  return (
    <>
      <Card
        title={`Leave ${name}`}
        text="Your sessions here and the invitations you made end. Coming back takes somebody who
          lets you in."
        actions={
          <Button look="danger-plain" onClick={() => setOpen(true)}>
            Leave …
          </Button>
        }
      />
      <ConfirmDialog
        open={open}
        onClose={() => setOpen(false)}
        title={`Leave ${name}?`}
        action="Leave the organization"
        typed={name}
        onConfirm={confirm}
      >
        <p>
          You are signed out and cannot come back by yourself. API keys that are yours keep working
          until somebody revokes them. The last owner cannot leave.
        </p>
      </ConfirmDialog>
    </>
  );
}
