import { isWide, type Permission } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { type Session, useActiveSession } from '../../api/index.ts';
import { Card, counted, Form, LinkButton, TextField } from '../../ui/index.ts';
import { lacksIn } from './grants.ts';
import { PermissionPicker } from './permission-picker.tsx';

export type RoleDraft = { name: string; description: string; permissions: Permission[] };

type Props = {
  draft: RoleDraft;
  submit: string;
  onSave: (draft: RoleDraft) => Promise<unknown>;
};

/** Name and permissions of a custom role. What one does not have cannot be put in. */
export function RoleForm({ draft, submit, onSave }: Props): ReactNode {
  const session = useActiveSession();
  const [chosen, setChosen] = useState<ReadonlySet<Permission>>(new Set(draft.permissions));
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
      <PermissionPicker
        cards
        chosen={chosen}
        onChange={setChosen}
        whyNot={(name) => whyNot(session, name)}
        wideText={wideText}
      />
      <p role="status" className="quiet text-right text-sm">
        {chosen.size === 0
          ? 'A role needs at least one permission.'
          : `${counted(chosen.size, 'permission')} chosen`}
      </p>
    </Form>
  );
}

const wideText =
  'What concerns the whole organization counts where the role is given for live mode.';

/** A custom role takes what its maker has in both modes. */
function whyNot(session: Session, name: Permission): string | undefined {
  const lacking = lacksIn(session, name);
  if (lacking.length === 0) return undefined;
  const both = isWide(name) || lacking.length === 2;
  return `you do not have it${both ? '' : ` in ${lacking.join(' and ')} mode`}`;
}
