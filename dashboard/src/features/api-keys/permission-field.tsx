import { keyPermissions, type Permission, permissions } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useCan, useMode } from '../../api/index.ts';
import { useFieldError } from '../../ui/form.tsx';
import { Card, Choices, counted, Radio } from '../../ui/index.ts';
import { PermissionPicker } from '../roles/index.ts';
import type { PartProps } from './key-form.tsx';
import { custom, everything, presetOf, presets } from './presets.ts';

/** What a key may do: by what it is made for, and then one by one. */
export function PermissionField({ draft, onChange, apiKey }: PartProps): ReactNode {
  const mode = useMode();
  const can = useCan();
  const [open, setOpen] = useState(apiKey !== undefined);
  const offered = keyPermissions(apiKey?.mode ?? mode);
  const wrong = useFieldError('permissions');
  const { permissions: chosen, preset } = draft;
  const own = offered.filter(can);
  const take = (id: string) => {
    if (id === custom) setOpen(true);
    const wanted = id === everything ? own : presets.find((one) => one.id === id)?.permissions;
    const given =
      wanted === undefined ? chosen : new Set(wanted.filter((name) => own.includes(name)));
    onChange({ preset: id, permissions: given });
  };
  const change = (next: ReadonlySet<Permission>) =>
    onChange({ permissions: next, preset: presetOf([...next])?.id ?? custom });
  return (
    <Card
      title="What it may do"
      text="Give it no more than its program needs. You can widen it later."
    >
      <fieldset name="permissions" className="grid gap-4">
        <legend className="sr-only">Permissions</legend>
        <PresetChoices chosen={preset} onChoose={take} />
        <Lacking preset={preset} own={own} />
        <details
          className="border-t border-line pt-3"
          open={open}
          onToggle={(event) => setOpen(event.currentTarget.open)}
        >
          <summary className="link inline-flex min-h-6 cursor-pointer items-center">
            One by one
          </summary>
          <div className="mt-3 grid gap-4">
            <PermissionPicker
              offered={offered}
              chosen={chosen}
              onChange={change}
              whyNot={(name) => (can(name) ? undefined : 'you do not have it')}
            />
          </div>
        </details>
        {wrong !== undefined && (
          <p className="field-error" role="alert">
            {wrong}
          </p>
        )}
        <p role="status" className="quiet text-sm">
          {chosen.size === 0
            ? 'A key needs at least one permission.'
            : `${counted(chosen.size, 'permission')} chosen`}
        </p>
      </fieldset>
    </Card>
  );
}

type ChoicesProps = { chosen: string; onChoose: (id: string) => void };

function PresetChoices({ chosen, onChoose }: ChoicesProps): ReactNode {
  const all = [
    ...presets,
    {
      id: everything,
      name: 'Everything I may do',
      text: 'For trying things out. Too much to keep.',
    },
    { id: custom, name: 'Custom', text: 'You choose each permission.' },
  ];
  return (
    <Choices legend="Made for">
      <div className="grid items-start gap-x-8 gap-y-1 lg:grid-cols-2">
        {all.map(({ id, name, text }) => (
          <Radio
            key={id}
            name="preset"
            label={name}
            hint={text}
            checked={id === chosen}
            onChange={() => onChoose(id)}
          />
        ))}
      </div>
    </Choices>
  );
}

/** Says what of a preset is left out, because nobody gives what they do not have. */
function Lacking({ preset, own }: { preset: string; own: readonly Permission[] }): ReactNode {
  const wanted = presets.find(({ id }) => id === preset)?.permissions ?? [];
  const lacking = wanted.filter((name) => !own.includes(name));
  if (lacking.length === 0) return null;
  return (
    <p className="field-hint">
      Left out, because you do not have it yourself:{' '}
      {lacking.map((name) => permissions[name].text.toLowerCase()).join('; ')}.
    </p>
  );
}
