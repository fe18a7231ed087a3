import { type ReactNode, useState } from 'react';
import { useSend } from '../../api/index.ts';
import { ConfirmDialog, toast } from '../../ui/index.ts';
import type { Invitation } from './data.ts';
import { InvitationLink, type InvitationWithLink } from './invitation-link.tsx';

export type AskedAct = { act: 'renew' | 'revoke'; invitation: Invitation };
type Props = { asked: AskedAct | undefined; onClose: () => void };

/** What is asked before an invitation gets a new link or is withdrawn. */
export function InvitationDialogs({ asked, onClose }: Props): ReactNode {
  const [renewed, setRenewed] = useState<InvitationWithLink>();
  const refresh = ['/v1/invitations'];
  const renew = useSend<InvitationWithLink, Invitation>({
    path: ({ id }) => `/v1/invitations/${id}/renew`,
    body: () => ({}),
    refresh,
  });
  const revoke = useSend<unknown, Invitation>({
    method: 'DELETE',
    path: ({ id }) => `/v1/invitations/${id}`,
    body: () => undefined,
    refresh,
  });
  if (renewed !== undefined) {
    return <InvitationLink invitation={renewed} onClose={() => setRenewed(undefined)} />;
  }
  if (asked === undefined) return null;
  const { act, invitation } = asked;
  const { email } = invitation;
  if (act === 'renew') {
    return (
      <ConfirmDialog
        open
        onClose={onClose}
        title={`Make a new link for ${email}?`}
        action="Make a new link"
        danger={false}
        onConfirm={async () => setRenewed(await renew.mutateAsync(invitation))}
      >
        <p>The link they have stops working, and the new one is valid for its whole time.</p>
      </ConfirmDialog>
    );
  }
  const withdraw = async () => {
    await revoke.mutateAsync(invitation);
    toast('The invitation was withdrawn', `The link of ${email} works no longer.`);
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Withdraw the invitation of ${email}?`}
      action="Withdraw it"
      onConfirm={withdraw}
    >
      <p>Their link stops working at once. You can invite them again.</p>
    </ConfirmDialog>
  );
}
