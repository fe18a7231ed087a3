import { type ReactNode, useState } from 'react';
import { isProblem, useActiveSession, useCan, useSend } from '../../api/index.ts';
import { Button, ConfirmDialog, counted, Menu, MenuItem, toast } from '../../ui/index.ts';
import { isLocked, type Member, whyNotStop } from './data.ts';
import { DisableDialog } from './disable-dialog.tsx';

type Act = 'unlock' | 'end_sessions' | 'enable' | 'disable';

/** What may be done to a member: unlock, sign out, disable, enable. */
export function MemberActs({ member }: { member: Member }): ReactNode {
  const [asked, setAsked] = useState<Act>();
  const can = useCan();
  const session = useActiveSession();
  if (!can('members:suspend') || whyNotStop(session, member) !== undefined) return null;
  const close = () => setAsked(undefined);
  const disabled = member.status === 'disabled';
  return (
    <>
      {isLocked(member) && !disabled && (
        <Button look="primary" icon="lock" onClick={() => setAsked('unlock')}>
          Unlock
        </Button>
      )}
      {disabled ? (
        <Button look="primary" onClick={() => setAsked('enable')}>
          Enable
        </Button>
      ) : (
        <Menu trigger={<Button icon="more">Actions</Button>}>
          <MenuItem
            icon="sign-out"
            disabled={member.sessions === 0}
            onSelect={() => setAsked('end_sessions')}
          >
            End their sessions
          </MenuItem>
          <MenuItem icon="x" danger onSelect={() => setAsked('disable')}>
            Disable …
          </MenuItem>
        </Menu>
      )}
      {asked === 'unlock' && <Unlock member={member} onClose={close} />}
      {asked === 'end_sessions' && <EndSessions member={member} onClose={close} />}
      {asked === 'enable' && <Enable member={member} onClose={close} />}
      {asked === 'disable' && <DisableDialog member={member} onClose={close} />}
    </>
  );
}

type AskProps = { member: Member; onClose: () => void };
const refresh = ['/v1/members'];

function Unlock({ member, onClose }: AskProps): ReactNode {
  const unlock = useSend<Member>({ path: `/v1/members/${member.id}/unlock`, refresh });
  const confirm = async () => {
    await unlock.mutateAsync();
    toast(`${member.name} can sign in again`);
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Unlock ${member.name}?`}
      action="Unlock"
      danger={false}
      onConfirm={confirm}
    >
      <p>
        Somebody gave ten wrong passwords or codes. Ask {member.name}, by a channel you know,
        whether it was they: if it was not, leave the account locked and look at the audit log.
      </p>
    </ConfirmDialog>
  );
}

function EndSessions({ member, onClose }: AskProps): ReactNode {
  const end = useSend<{ ended: number }>({
    path: `/v1/members/${member.id}/end_sessions`,
    refresh,
  });
  const confirm = async () => {
    const { ended } = await end.mutateAsync();
    toast(`${counted(ended, 'session')} ended`);
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`End the sessions of ${member.name}?`}
      action="End them"
      onConfirm={confirm}
    >
      <p>
        {counted(member.sessions, 'open session')} in this organization, on every device.{' '}
        {member.name} can sign in again at once: to keep somebody out, disable them.
      </p>
    </ConfirmDialog>
  );
}

function Enable({ member, onClose }: AskProps): ReactNode {
  const enable = useSend<Member, { factors_replaced?: true }>({
    path: `/v1/members/${member.id}/enable`,
    refresh,
  });
  const [replaced, setReplaced] = useState(false);
  const confirm = async () => {
    try {
      await enable.mutateAsync(replaced ? { factors_replaced: true } : {});
    } catch (error) {
      if (isProblem(error, 'factors_replaced')) setReplaced(true);
      throw error;
    }
    toast(`${member.name} was enabled`);
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Enable ${member.name}?`}
      action="Enable"
      danger={false}
      onConfirm={confirm}
    >
      <p>They can sign in again, with the roles they had. What ended stays ended.</p>
      {replaced && (
        <p>
          Since they were disabled, others let them enrol new factors, and nobody here was asked.
          Make sure that it is {member.name}, by a channel you know. Then enable once more.
        </p>
      )}
    </ConfirmDialog>
  );
}
