import { type Permission, permissions } from 'payos-contract';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../../ui/index.ts';
import { changesBetween, type Grants, placeNames } from './grants.ts';

/** What somebody gains and loses, before it is saved. */
export function GrantChanges({ before, after }: { before: Grants; after: Grants }): ReactNode {
  const changes = changesBetween(before, after);
  if (changes.length === 0) return <p className="quiet">They may do the same as before.</p>;
  return (
    <div className="grid gap-3">
      {changes.map(({ place, gained, lost }) => (
        <section key={place} className="grid gap-1">
          <h3 className="text-sm">{placeNames[place]}</h3>
          <PermissionLines names={gained} icon="plus" prefix="Gains" tone="text-ok" />
          <PermissionLines names={lost} icon="minus" prefix="Loses" tone="text-danger" />
        </section>
      ))}
    </div>
  );
}

type LinesProps = {
  names: readonly Permission[];
  icon?: IconName;
  /** Read out before each, where only the picture says it. */
  prefix?: string;
  tone?: string;
};

/** Permissions in words. */
export function PermissionLines({
  names,
  icon = 'check',
  prefix,
  tone = 'text-ok',
}: LinesProps): ReactNode {
  if (names.length === 0) return null;
  return (
    <ul className="grid gap-0.5">
      {names.map((name) => (
        <li key={name} className="flex gap-2" title={name}>
          <span className={`mt-1 ${tone}`}>
            <Icon name={icon} size={14} />
          </span>
          <span className="min-w-0">
            {prefix !== undefined && <span className="sr-only">{prefix}: </span>}
            {permissions[name].text}
          </span>
        </li>
      ))}
    </ul>
  );
}
