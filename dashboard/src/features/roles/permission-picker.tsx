import { isWide, type Permission, permissions } from 'payos-contract';
import type { ReactNode } from 'react';
import { Badge, Button, Card, Checkbox } from '../../ui/index.ts';
import { permissionGroups } from './grants.ts';

type Props = {
  /** Those that can be chosen at all. Default: the whole catalogue. */
  offered?: readonly Permission[];
  chosen: ReadonlySet<Permission>;
  onChange: (chosen: ReadonlySet<Permission>) => void;
  /** Why one cannot be put in, e.g. "you do not have it". */
  whyNot: (name: Permission) => string | undefined;
  /** Stands under the heading of a group that concerns the organization as a whole. */
  wideText?: string;
  /** Each group in a card of its own. */
  cards?: boolean;
};

/** Permissions in groups, each in words. What one does not have cannot be put in. */
export function PermissionPicker({ offered, cards = false, ...rest }: Props): ReactNode {
  const groups = permissionGroups().flatMap(({ group, names }) => {
    const shown = names.filter((name) => offered === undefined || offered.includes(name));
    return shown.length === 0 ? [] : [{ group, names: shown }];
  });
  return groups.map(({ group, names }) => (
    <Group key={group} group={group} names={names} cards={cards} {...rest} />
  ));
}

type GroupProps = Omit<Props, 'offered'> & { group: string; names: readonly Permission[] };

function Group(props: GroupProps): ReactNode {
  const { group, names, chosen, onChange, whyNot, wideText, cards } = props;
  const open = names.filter((name) => whyNot(name) === undefined);
  const all = open.length > 0 && open.every((name) => chosen.has(name));
  const choose = (some: readonly Permission[], on: boolean) => {
    const set = new Set(some);
    onChange(on ? chosen.union(set) : chosen.difference(set));
  };
  const button = (
    <Button
      size="small"
      disabled={open.length === 0}
      aria-label={`${all ? 'Clear' : 'Choose all'}: ${group}`}
      onClick={() => choose(open, !all)}
    >
      {all ? 'Clear' : 'Choose all'}
    </Button>
  );
  const choices = (
    <div className="grid items-start gap-2 lg:grid-cols-2 lg:gap-x-8">
      {names.map((name) => (
        <Choice
          key={name}
          name={name}
          whyNot={whyNot(name)}
          checked={chosen.has(name)}
          onChange={(on) => choose([name], on)}
        />
      ))}
    </div>
  );
  if (!cards) {
    return (
      <section className="grid gap-2 not-first:border-t not-first:border-line not-first:pt-4">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h3>{group}</h3>
          {button}
        </div>
        {choices}
      </section>
    );
  }
  return (
    <Card title={group} text={names.some(isWide) ? wideText : undefined} actions={button}>
      {choices}
    </Card>
  );
}

type ChoiceProps = {
  name: Permission;
  whyNot: string | undefined;
  checked: boolean;
  onChange: (on: boolean) => void;
};

function Choice({ name, whyNot, checked, onChange }: ChoiceProps): ReactNode {
  return (
    <Checkbox
      label={
        <span className="flex flex-wrap items-baseline gap-x-2">
          {permissions[name].text}
          {isWide(name) && <Badge tone="warn">Whole organization</Badge>}
        </span>
      }
      hint={
        <>
          <code>{name}</code>
          {whyNot !== undefined && ` · ${whyNot}`}
        </>
      }
      checked={checked}
      // What is in already can be taken out, even by those who could not put it in.
      disabled={whyNot !== undefined && !checked}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}
