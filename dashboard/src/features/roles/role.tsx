import type { ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useActiveSession, useCan, useSend } from '../../api/index.ts';
import { NotFound } from '../../app/not-found.tsx';
import {
  Badge,
  Card,
  CopyableId,
  counted,
  Details,
  ErrorState,
  LinkButton,
  LoadingPage,
  Notice,
  PageHeader,
  toast,
} from '../../ui/index.ts';
import { DeveloperButton } from '../activity/index.ts';
import { type Role, useRoles } from './data.ts';
import { DeleteRole } from './delete-role.tsx';
import { PermissionLines } from './grant-changes.tsx';
import { mayEdit, permissionGroups } from './grants.ts';
import { type RoleDraft, RoleForm } from './role-form.tsx';

/** One role: what it grants, and for a custom one the form that changes it. */
export default function RolePage(): ReactNode {
  const { id } = useParams();
  const roles = useRoles();
  if (roles.isError) {
    return <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />;
  }
  if (roles.isPending) return <LoadingPage />;
  const role = roles.data.data.find((one) => one.id === id);
  return role === undefined ? <NotFound /> : <Shown key={role.id} role={role} />;
}

function Shown({ role }: { role: Role }): ReactNode {
  const can = useCan();
  const session = useActiveSession();
  const custom = !role.built_in && can('roles:write');
  const editable = custom && mayEdit(session, role);
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader
        title={role.name}
        after={role.built_in ? <Badge>Built in</Badge> : <Badge tone="accent">Custom</Badge>}
        text={role.description}
        parent={{ to: '/roles', label: 'Roles' }}
        actions={
          <>
            {can('roles:write') && (
              <LinkButton to={`/roles/new?from=${role.id}`} icon="copy">
                Duplicate
              </LinkButton>
            )}
            <DeveloperButton id={role.id} path="/v1/roles" value={role} />
            {editable && <DeleteRole role={role} />}
          </>
        }
      />
      <div className="grid grid-cols-1 gap-5">
        <Card>
          <Details
            entries={[
              ['Id', <CopyableId key="id" id={role.id} />],
              [
                'Members',
                <Link key="members" className="link" to={`/members?role=${role.id}`}>
                  {role.members === 0 ? 'Nobody has it' : counted(role.members, 'member')}
                </Link>,
              ],
            ]}
          />
        </Card>
        {custom && !editable && (
          <Notice title="You cannot change this role">
            <p>It grants something that you do not have in both modes.</p>
          </Notice>
        )}
        {editable ? <Edit role={role} /> : <Granted role={role} />}
      </div>
    </div>
  );
}

function Granted({ role }: { role: Role }): ReactNode {
  const groups = permissionGroups()
    .map(({ group, names }) => ({
      group,
      names: names.filter((name) => role.permissions.includes(name)),
    }))
    .filter(({ names }) => names.length > 0);
  return groups.map(({ group, names }) => (
    <Card key={group} title={group}>
      <PermissionLines names={names} />
    </Card>
  ));
}

function Edit({ role }: { role: Role }): ReactNode {
  const navigate = useNavigate();
  const update = useSend<Role, unknown>({
    method: 'PATCH',
    path: `/v1/roles/${role.id}`,
    refresh: ['/v1/roles'],
  });
  const save = async ({ description, ...draft }: RoleDraft) => {
    await update.mutateAsync({ ...draft, description: description === '' ? null : description });
    toast('The role was changed', 'It holds from the next request of everybody who has it.');
    await navigate('/roles');
  };
  const draft = {
    name: role.name,
    description: role.description ?? '',
    permissions: role.permissions,
  };
  return <RoleForm draft={draft} submit="Save" onSave={save} />;
}
