import type { ReactNode } from 'react';
import { useActiveSession } from '../../api/index.ts';
import {
  Card,
  type Column,
  DateTime,
  EmptyState,
  ErrorState,
  type Filter,
  FilterBar,
  LoadingRows,
  Table,
  useFilters,
} from '../../ui/index.ts';
import { useNotedList } from '../activity/index.ts';
import { type Role, useRoles } from '../roles/index.ts';
import { isLocked, type Member, useMembers } from './data.ts';
import { FactorResets } from './factor-resets.tsx';
import { InviteButton } from './invite-dialog.tsx';
import { MembersHeader } from './members-header.tsx';
import { RoleBadges } from './role-badges.tsx';
import { factorText, StatusBadges } from './status-badges.tsx';

/** Everybody in the organization. */
export default function Members(): ReactNode {
  const members = useMembers();
  const roles = useRoles();
  useNotedList();
  return (
    <div className="grid grid-cols-1 gap-5">
      <MembersHeader />
      <FactorResets />
      <Card flush>
        {members.isError && (
          <ErrorState error={members.error} onRetry={() => void members.refetch()} />
        )}
        {members.isPending && <LoadingRows rows={6} />}
        {members.isSuccess && <List members={members.data.data} roles={roles.data?.data} />}
      </Card>
    </div>
  );
}

const statuses = [
  { value: 'active', label: 'Active' },
  { value: 'locked', label: 'Locked' },
  { value: 'disabled', label: 'Disabled' },
  { value: 'no_factor', label: 'No factor yet' },
];

type ListProps = { members: readonly Member[]; roles: readonly Role[] | undefined };

function List({ members, roles }: ListProps): ReactNode {
  const { member: self } = useActiveSession();
  const filters: readonly Filter[] = [
    { kind: 'search', name: 'q', label: 'Search members', placeholder: 'Name or email' },
    {
      kind: 'select',
      name: 'role',
      label: 'Role',
      options: (roles ?? []).map(({ id, name }) => ({ value: id, label: name })),
    },
    { kind: 'select', name: 'status', label: 'Status', options: statuses },
  ];
  const wanted = useFilters(filters);
  const shown = members.filter((member) => matches(member, wanted));
  return (
    <>
      <FilterBar filters={filters} />
      {shown.length === 0 && (
        <EmptyState icon="users" title="Nobody matches these filters">
          <p>Clear one of them to see more people.</p>
        </EmptyState>
      )}
      {shown.length > 0 && (
        <Table
          caption="Members"
          columns={columnsFor(roles, self)}
          rows={shown}
          keyOf={({ id }) => id}
          linkOf={({ id }) => `/members/${id}`}
        />
      )}
      {members.length === 1 && <Alone />}
      <p role="status" className="sr-only">
        {`${shown.length} of ${members.length} members`}
      </p>
    </>
  );
}

function Alone(): ReactNode {
  return (
    <div className="border-t border-line">
      <EmptyState icon="users" title="You are alone here" actions={<InviteButton />}>
        <p>
          Invite the people you work with, each with the role they need. A second owner keeps the
          organization reachable when you lose your factors.
        </p>
      </EmptyState>
    </div>
  );
}

function matches(member: Member, wanted: Record<string, string>): boolean {
  const { q = '', role, status } = wanted;
  const { name, email, roles } = member;
  const text = q.toLowerCase();
  if (!`${name} ${email}`.toLowerCase().includes(text)) return false;
  if (role !== undefined && roles.test !== role && roles.live !== role) return false;
  return status === undefined || statusOf(member) === status;
}

function statusOf(member: Member): string {
  if (member.status === 'disabled') return 'disabled';
  if (isLocked(member)) return 'locked';
  return member.factors.totp || member.factors.passkeys > 0 ? 'active' : 'no_factor';
}

function columnsFor(
  roles: readonly Role[] | undefined,
  self: string | null,
): readonly Column<Member>[] {
  return [
    {
      label: 'Member',
      wide: true,
      cell: ({ id, name, email }) => (
        <span className="block min-w-0">
          <span className="block break-words">
            {name}
            {id === self && <span className="quiet font-normal"> (you)</span>}
          </span>
          <span className="quiet block text-sm font-normal break-all">{email}</span>
        </span>
      ),
    },
    { label: 'Roles', cell: (member) => <RoleBadges roles={member.roles} all={roles} /> },
    { label: 'Factors', cell: factorText },
    {
      label: 'Last seen',
      cell: ({ last_seen_at: at }) =>
        at === null ? <span className="quiet">Never</span> : <DateTime value={at} look="ago" />,
    },
    { label: 'Status', cell: (member) => <StatusBadges member={member} /> },
  ];
}
