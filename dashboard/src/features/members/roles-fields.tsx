import { type Mode, permissions, type schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useActiveSession } from '../../api/index.ts';
import { ErrorState, SelectField, Skeleton } from '../../ui/index.ts';
import { mayGrant, PermissionLines, type Role, useRoles } from '../roles/index.ts';

type Roles = schemas.RolesByMode;
type Props = {
  roles: Roles;
  onChange: (roles: Roles) => void;
  /** Roles somebody has already: offered even where one could not give them anew. */
  present?: Roles;
};

const labels: Readonly<Record<Mode, string>> = {
  test: 'Role in test mode',
  live: 'Role in live mode',
};
const modes: readonly Mode[] = ['test', 'live'];

/** What somebody may be in each mode. Only what the person choosing may give is offered. */
export function RolesFields({ roles, onChange, present }: Props): ReactNode {
  const session = useActiveSession();
  const known = useRoles();
  if (known.isError) return <ErrorState error={known.error} />;
  if (known.isPending) return <Skeleton height="10rem" />;
  const all = known.data.data;
  const offered = (mode: Mode) =>
    all.filter((role) => mayGrant(session, role, mode) || present?.[mode] === role.id);
  const short = modes.some((mode) => offered(mode).length < all.length);
  return (
    <>
      {modes.map((mode) => (
        <RoleField
          key={mode}
          mode={mode}
          offered={offered(mode)}
          chosen={roles[mode]}
          onChange={(role) => onChange({ ...roles, [mode]: role })}
        />
      ))}
      {roles.test === null && roles.live === null && (
        <p className="field-error">A member needs a role in one mode at least.</p>
      )}
      {short && (
        <p className="field-hint">
          Roles that may do more than you are not offered: nobody grants what they do not have.
        </p>
      )}
    </>
  );
}

type FieldProps = {
  mode: Mode;
  offered: readonly Role[];
  chosen: string | null;
  onChange: (role: string | null) => void;
};

function RoleField({ mode, offered, chosen, onChange }: FieldProps): ReactNode {
  const role = offered.find(({ id }) => id === chosen);
  const options = [
    { value: '', label: `None: sees nothing in ${mode} mode` },
    ...offered.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <div className="grid gap-1.5">
      <SelectField
        name={`roles.${mode}`}
        label={labels[mode]}
        options={options}
        value={role?.id ?? ''}
        hint={role?.description ?? undefined}
        onChange={({ target }) => onChange(target.value === '' ? null : target.value)}
      />
      {role !== undefined && <RoleSummary role={role} mode={mode} />}
    </div>
  );
}

/** What a role allows in this mode, unfolded on demand. */
function RoleSummary({ role, mode }: { role: Role; mode: Mode }): ReactNode {
  const counting = role.permissions.filter(
    (name) => mode === 'live' || !('wide' in permissions[name]),
  );
  return (
    <details className="text-sm">
      <summary className="link w-fit cursor-pointer py-0.5">
        What {role.name} allows in {mode} mode ({counting.length})
      </summary>
      <div className="mt-1.5">
        <PermissionLines names={counting} />
        {counting.length === 0 && (
          <p className="quiet">
            Nothing: all it grants concerns the organization, and takes the role in live mode.
          </p>
        )}
        {counting.length > 0 && counting.length < role.permissions.length && (
          <p className="quiet">
            In test mode it manages nobody: what concerns the organization takes the role in live
            mode.
          </p>
        )}
      </div>
    </details>
  );
}
