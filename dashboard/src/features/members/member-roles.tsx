import type { Mode, schemas } from 'payos-contract';
import { type ReactNode, useId, useState } from 'react';
import { useActiveSession, useCan, useSend } from '../../api/index.ts';
import { Button, Card, counted, Dialog, Form, Notice, Skeleton, toast } from '../../ui/index.ts';
import {
  GrantChanges,
  grantsOf,
  PermissionLines,
  placeNames,
  places,
  type Role,
  roleName,
} from '../roles/index.ts';
import { type Member, whyNotManage } from './data.ts';
import { RolesFields } from './roles-fields.tsx';

type Props = { member: Member; roles: readonly Role[] | undefined };

/** What somebody is in each mode, what that lets them do, and the dialog that changes it. */
export function MemberRoles({ member, roles }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const can = useCan();
  const session = useActiveSession();
  const refusal = roles && whyNotManage(session, member, roles);
  return (
    <Card
      title="Roles"
      actions={
        can('members:write') ? (
          <Button
            size="small"
            icon="pencil"
            disabled={roles === undefined || refusal !== undefined}
            onClick={() => setOpen(true)}
          >
            Change
          </Button>
        ) : undefined
      }
    >
      {roles === undefined ? (
        <Skeleton height="8rem" />
      ) : (
        <div className="grid gap-4">
          {(['test', 'live'] as const).map((mode) => (
            <OneRole key={mode} mode={mode} id={member.roles[mode]} roles={roles} />
          ))}
          <Granted member={member} roles={roles} />
          {can('members:write') && refusal !== undefined && (
            <p className="quiet text-sm">{refusal}</p>
          )}
        </div>
      )}
      {roles !== undefined && (
        <Dialog
          open={open}
          onClose={() => setOpen(false)}
          title={`What ${member.name} may do`}
          size="wide"
        >
          <ChangeRoles member={member} roles={roles} onClose={() => setOpen(false)} />
        </Dialog>
      )}
    </Card>
  );
}

type OneProps = { mode: Mode; id: string | null; roles: readonly Role[] };

function OneRole({ mode, id, roles }: OneProps): ReactNode {
  const role = roles.find((one) => one.id === id);
  return (
    <div>
      <p className="quiet text-sm">{mode === 'test' ? 'Test mode' : 'Live mode'}</p>
      <p className="font-medium">{roleName(id, roles)}</p>
      {role?.description && <p className="quiet text-sm">{role.description}</p>}
      {id === null && <p className="quiet text-sm">Sees nothing in {mode} mode.</p>}
    </div>
  );
}

function Granted({ member, roles }: { member: Member; roles: readonly Role[] }): ReactNode {
  const grants = grantsOf(member.roles, roles);
  return places.map((place) => {
    const names = [...grants[place]];
    if (names.length === 0) return null;
    return (
      <details key={place} className="border-t border-line pt-3 text-sm">
        <summary className="cursor-pointer font-medium">
          {placeNames[place]}: {counted(names.length, 'permission')}
        </summary>
        <div className="mt-2">
          <PermissionLines names={names} />
        </div>
      </details>
    );
  });
}

type ChangeProps = { member: Member; roles: readonly Role[]; onClose: () => void };

function ChangeRoles({ member, roles, onClose }: ChangeProps): ReactNode {
  const { member: self } = useActiveSession();
  const id = useId();
  const [chosen, setChosen] = useState<schemas.RolesByMode>(member.roles);
  const save = useSend<Member, { roles: schemas.RolesByMode }>({
    method: 'PATCH',
    path: `/v1/members/${member.id}`,
    refresh: ['/v1/members', '/v1/roles', 'session'],
  });
  const changed = chosen.test !== member.roles.test || chosen.live !== member.roles.live;
  const send = async () => {
    await save.mutateAsync({ roles: chosen });
    toast('The roles were changed', `They hold from ${member.name}'s next request on.`);
    onClose();
  };
  return (
    <Form
      onSubmit={send}
      submit="Save the roles"
      disabled={!changed || (chosen.test === null && chosen.live === null)}
      actions={<Button onClick={onClose}>Cancel</Button>}
    >
      {member.id === self && (
        <Notice tone="warn" title="These are your own roles">
          <p>What you take from yourself, only somebody else can give back.</p>
        </Notice>
      )}
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <RolesFields roles={chosen} onChange={setChosen} present={member.roles} />
      </div>
      {changed && (
        <section
          className="grid gap-2 rounded-md bg-sunken p-3.5"
          aria-labelledby={id}
          aria-live="polite"
        >
          <h3 id={id}>What changes for {member.name}</h3>
          <GrantChanges before={grantsOf(member.roles, roles)} after={grantsOf(chosen, roles)} />
        </section>
      )}
    </Form>
  );
}
