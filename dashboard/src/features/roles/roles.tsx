import type { ReactNode } from 'react';
import { useCan } from '../../api/index.ts';
import {
  Badge,
  Card,
  type Column,
  counted,
  ErrorState,
  LinkButton,
  LoadingRows,
  PageHeader,
  Table,
} from '../../ui/index.ts';
import { type Role, useRoles } from './data.ts';
import { RoleMatrix } from './matrix.tsx';

const columns: readonly Column<Role>[] = [
  {
    label: 'Role',
    wide: true,
    cell: ({ name, built_in: builtIn }) => (
      <span className="flex max-w-full flex-wrap items-center gap-2">
        <span className="min-w-0 break-words">{name}</span>
        {!builtIn && <Badge tone="accent">Custom</Badge>}
      </span>
    ),
  },
  {
    label: 'What it is for',
    wide: true,
    cell: ({ description }) => <span className="quiet block">{description ?? '–'}</span>,
  },
  {
    label: 'Permissions',
    align: 'end',
    cell: ({ permissions }) => permissions.length,
  },
  {
    label: 'Members',
    align: 'end',
    cell: ({ members }) => members,
  },
];

/** Built-in and custom roles, and what each of them grants. */
export default function Roles(): ReactNode {
  const can = useCan();
  const roles = useRoles();
  const create = can('roles:write') ? (
    <LinkButton to="/roles/new" look="primary" icon="plus">
      Create a role
    </LinkButton>
  ) : undefined;
  return (
    <>
      <PageHeader
        title="Roles"
        text={
          <p>
            A role says what a person may do. It is given for test and live mode separately; what
            concerns the whole organization comes from the live role.
          </p>
        }
        actions={create}
      />
      {roles.isError && <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />}
      {roles.isPending && <LoadingRows rows={7} />}
      {roles.isSuccess && <Loaded roles={roles.data.data} />}
    </>
  );
}

function Loaded({ roles }: { roles: readonly Role[] }): ReactNode {
  const custom = roles.filter(({ built_in: builtIn }) => !builtIn).length;
  return (
    <div className="grid grid-cols-1 gap-6">
      <Card
        flush
        title="All roles"
        text={custom === 0 ? 'All of them are built in.' : counted(custom, 'custom role')}
      >
        <Table
          caption="Roles"
          columns={columns}
          rows={roles}
          keyOf={({ id }) => id}
          linkOf={({ id }) => `/roles/${id}`}
        />
      </Card>
      <Card flush title="What each role grants">
        <RoleMatrix roles={roles} />
      </Card>
    </div>
  );
}
