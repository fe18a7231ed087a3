import type { ReactNode } from 'react';
import { NavTabs, PageHeader } from '../../ui/index.ts';
import { useInvitations } from './data.ts';
import { InviteButton } from './invite-dialog.tsx';

/** The head of both pages about people: who is here, and who is invited. */
export function MembersHeader({ invitations = false }: { invitations?: boolean }): ReactNode {
  const { data } = useInvitations();
  const open = data?.data.filter(({ status }) => status === 'open').length ?? 0;
  return (
    <div>
      <PageHeader
        title={invitations ? 'Invitations' : 'Members'}
        text="Everybody signs in with a second factor, and may do only what their roles say."
        actions={<InviteButton primary />}
      />
      <NavTabs
        label="People"
        links={[
          { to: '/members', label: 'Members' },
          { to: '/members/invitations', label: `Invitations${open === 0 ? '' : ` (${open})`}` },
        ]}
      />
    </div>
  );
}
