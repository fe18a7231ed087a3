import type { ReactNode } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useActiveSession, useSend } from '../../api/index.ts';
import { ErrorState, LoadingPage, PageHeader, SelectField, toast } from '../../ui/index.ts';
import { type Role, useRoles } from './data.ts';
import { lacksIn } from './grants.ts';
import { type RoleDraft, RoleForm } from './role-form.tsx';

/** A new custom role, from nothing or from another role's permissions. */
export default function NewRole(): ReactNode {
  const roles = useRoles();
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  const create = useSend<Role, Partial<RoleDraft>>({
    path: '/v1/roles',
    idempotent: true,
    refresh: ['/v1/roles'],
  });
  const save = async ({ description, ...draft }: RoleDraft) => {
    const role = await create.mutateAsync(description === '' ? draft : { ...draft, description });
    toast(`The role ${role.name} was created`);
    await navigate(`/roles/${role.id}`);
  };
  if (roles.isError) return <ErrorState error={roles.error} />;
  if (roles.isPending) return <LoadingPage />;
  const all = roles.data.data;
  const from = params.get('from') ?? '';
  const options = [
    { value: '', label: 'Nothing' },
    ...all.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader
        title="Create a role"
        parent={{ to: '/roles', label: 'Roles' }}
        text="A role of your own, from the same permissions that API keys have."
      />
      <div className="mb-5 max-w-80">
        <SelectField
          label="Start with the permissions of"
          options={options}
          value={from}
          onChange={({ target }) =>
            setParams(target.value === '' ? {} : { from: target.value }, { replace: true })
          }
        />
      </div>
      <Drafted key={from} source={all.find(({ id }) => id === from)} onSave={save} />
    </div>
  );
}

type DraftedProps = {
  source: Role | undefined;
  onSave: (draft: RoleDraft) => Promise<unknown>;
};

function Drafted({ source, onSave }: DraftedProps): ReactNode {
  const session = useActiveSession();
  const permissions = (source?.permissions ?? []).filter(
    (name) => lacksIn(session, name).length === 0,
  );
  const draft = { name: '', description: '', permissions };
  return <RoleForm draft={draft} submit="Create the role" onSave={onSave} />;
}
