import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useCan } from '../../api/index.ts';
import {
  Badge,
  type BadgeTone,
  Button,
  Card,
  type Column,
  DateTime,
  EmptyState,
  ErrorState,
  LoadingRows,
  Table,
} from '../../ui/index.ts';
import { type Role, useRoles } from '../roles/index.ts';
import { type Invitation, useInvitations } from './data.ts';
import { type AskedAct, InvitationDialogs } from './invitation-dialogs.tsx';
import { InviteButton } from './invite-dialog.tsx';
import { MembersHeader } from './members-header.tsx';
import { RoleBadges } from './role-badges.tsx';

/** Who was invited: what is open first, then what has ended. */
export default function Invitations(): ReactNode {
  const invitations = useInvitations();
  const roles = useRoles();
  return (
    <div className="grid grid-cols-1 gap-5">
      <MembersHeader invitations />
      <Card flush>
        {invitations.isError && (
          <ErrorState error={invitations.error} onRetry={() => void invitations.refetch()} />
        )}
        {invitations.isPending && <LoadingRows rows={4} />}
        {invitations.isSuccess && (
          <List invitations={invitations.data.data} roles={roles.data?.data} />
        )}
      </Card>
    </div>
  );
}

type ListProps = { invitations: readonly Invitation[]; roles: readonly Role[] | undefined };

function List({ invitations, roles }: ListProps): ReactNode {
  const can = useCan();
  const [asked, setAsked] = useState<AskedAct>();
  if (invitations.length === 0) {
    return (
      <EmptyState icon="mail" title="Nobody is invited" actions={<InviteButton />}>
        <p>
          Invite people by their email address. The link works once, and only for the person with
          that address.
        </p>
      </EmptyState>
    );
  }
  const isOpen = ({ status }: Invitation) => status === 'open' || status === 'expired';
  const sorted = invitations.toSorted((a, b) => Number(isOpen(b)) - Number(isOpen(a)));
  const columns = columnsFor(roles);
  return (
    <>
      <Table
        caption="Invitations"
        columns={can('members:write') ? [...columns, actsFor(setAsked)] : columns}
        rows={sorted}
        keyOf={({ id }) => id}
      />
      <InvitationDialogs asked={asked} onClose={() => setAsked(undefined)} />
    </>
  );
}

const tones: Readonly<Record<Invitation['status'], BadgeTone>> = {
  open: 'info',
  accepted: 'ok',
  revoked: 'neutral',
  expired: 'warn',
};
const words: Readonly<Record<Invitation['status'], string>> = {
  open: 'Open',
  accepted: 'Accepted',
  revoked: 'Withdrawn',
  expired: 'Expired',
};

const columnsFor = (roles: readonly Role[] | undefined): readonly Column<Invitation>[] => [
  {
    label: 'Person',
    wide: true,
    cell: ({ email, mailed }) => (
      <span className="block">
        <span className="block font-medium break-all">{email}</span>
        <span className="quiet block text-sm">{mailed ? 'Mailed' : 'Link handed over'}</span>
      </span>
    ),
  },
  { label: 'Roles', cell: (invitation) => <RoleBadges roles={invitation.roles} all={roles} /> },
  {
    label: 'Invited by',
    cell: ({ invited_by: id, invited_by_name: name }) => (
      <Link className="link" to={`/members/${id}`}>
        {name}
      </Link>
    ),
  },
  {
    label: 'Valid until',
    cell: ({ status, expires_at: at }) =>
      status === 'open' || status === 'expired' ? (
        <DateTime value={at} look="ago" />
      ) : (
        <span className="quiet">–</span>
      ),
  },
  {
    label: 'Status',
    cell: ({ status }) => <Badge tone={tones[status]}>{words[status]}</Badge>,
  },
];

const actsFor = (onAsk: (asked: AskedAct) => void): Column<Invitation> => ({
  label: 'Actions',
  hideLabel: true,
  cell: (invitation) => <Acts invitation={invitation} onAsk={onAsk} />,
});

type ActsProps = { invitation: Invitation; onAsk: (asked: AskedAct) => void };

function Acts({ invitation, onAsk }: ActsProps): ReactNode {
  const { email, status } = invitation;
  if (status !== 'open' && status !== 'expired') return null;
  return (
    <span className="flex gap-1.5 sm:justify-end max-sm:mt-1.5">
      <Button
        size="small"
        onClick={() => onAsk({ act: 'renew', invitation })}
        aria-label={`New link for ${email}`}
      >
        New link
      </Button>
      <Button
        size="small"
        look="danger-plain"
        onClick={() => onAsk({ act: 'revoke', invitation })}
        aria-label={`Withdraw the invitation of ${email}`}
      >
        Withdraw
      </Button>
    </span>
  );
}
