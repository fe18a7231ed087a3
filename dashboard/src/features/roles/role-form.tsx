import { isWide, type Permission, permissions } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useActiveSession } from '../../api/index.ts';
import {
  Badge,
  Button,
  Card,
  Checkbox,
  counted,
  Form,
  LinkButton,
  TextField,
} from '../../ui/index.ts';
import { lacksIn, permissionGroups } from './grants.ts';

export type RoleDraft = { name: string; description: string; permissions: Permission[] };

type Props = {
  draft: RoleDraft;
  submit: string;
  onSave: (draft: RoleDraft) => Promise<unknown>;
};

/** Name and permissions of a custom role. What one does not have cannot be put in. */
export function RoleForm({ draft, submit, onSave }: Props): ReactNode {
  const [chosen, setChosen] = useState<ReadonlySet<Permission>>(new Set(draft.permissions));
  const choose = (names: readonly Permission[], on: boolean) => {
    const set = new Set(names);
    setChosen((before) => (on ? before.union(set) : before.difference(set)));
  };
  const save = ({ name = '', description = '' }: Readonly<Record<string, string>>) =>
    onSave({ name: name.trim(), description: description.trim(), permissions: [...chosen] });
  return (
    <Form
      onSubmit={save}
      submit={submit}
      disabled={chosen.size === 0}
      actions={<LinkButton to="/roles">Cancel</LinkButton>}
    >
      <Card>
        <div className="grid gap-4">
          <TextField
            name="name"
            label="Name"
            defaultValue={draft.name}
            maxLength={60}
            autoComplete="off"
            required
          />
          <TextField
            name="description"
            label={
              <>
                What it is for <small>(optional)</small>
              </>
            }
            defaultValue={draft.description}
            maxLength={300}
            autoComplete="off"
          />
        </div>
      </Card>
      {permissionGroups().map(({ group, names }) => (
        <Group key={group} group={group} names={names} chosen={chosen} onChoose={choose} />
      ))}
      <p role="status" className="quiet text-right text-sm">
        {chosen.size === 0
          ? 'A role needs at least one permission.'
          : `${counted(chosen.size, 'permission')} chosen`}
      </p>
    </Form>
  );
}

type GroupProps = {
  group: string;
  names: readonly Permission[];
  chosen: ReadonlySet<Permission>;
  onChoose: (names: readonly Permission[], on: boolean) => void;
};

function Group({ group, names, chosen, onChoose }: GroupProps): ReactNode {
  const session = useActiveSession();
  const open = names.filter((name) => lacksIn(session, name).length === 0);
  const all = open.length > 0 && open.every((name) => chosen.has(name));
  return (
    <Card
      title={group}
      text={names.some(isWide) ? wideText : undefined}
      actions={
        <Button
          size="small"
          disabled={open.length === 0}
          aria-label={`${all ? 'Clear' : 'Choose all'}: ${group}`}
          onClick={() => onChoose(open, !all)}
        >
          {all ? 'Clear' : 'Choose all'}
        </Button>
      }
    >
      <div className="grid items-start gap-2 lg:grid-cols-2 lg:gap-x-8">
        {names.map((name) => (
          <Choice
            key={name}
            name={name}
            checked={chosen.has(name)}
            onChange={(on) => onChoose([name], on)}
          />
        ))}
      </div>
    </Card>
  );
}

const wideText =
  'What concerns the whole organization counts where the role is given for live mode.';

type ChoiceProps = { name: Permission; checked: boolean; onChange: (on: boolean) => void };

function Choice({ name, checked, onChange }: ChoiceProps): ReactNode {
  const lacking = lacksIn(useActiveSession(), name);
  const wide = isWide(name);
  return (
    <Checkbox
      label={
        <span className="flex flex-wrap items-baseline gap-x-2">
          {permissions[name].text}
          {wide && <Badge tone="warn">Whole organization</Badge>}
        </span>
      }
      hint={
        <>
          <code>{name}</code>
          {lacking.length > 0 && ` · you do not have it${where(lacking, wide)}`}
        </>
      }
      checked={checked}
      disabled={lacking.length > 0}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}

function where(modes: readonly string[], wide: boolean): string {
  return wide || modes.length === 2 ? '' : ` in ${modes.join(' and ')} mode`;
}
