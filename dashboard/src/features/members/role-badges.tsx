import type { Mode, schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Badge } from '../../ui/index.ts';
import { type Role, roleName } from '../roles/index.ts';

const modes: readonly Mode[] = ['test', 'live'];

/** What somebody is in each mode, in one line. */
export function RoleBadges({
  roles,
  all,
}: {
  roles: schemas.RolesByMode;
  all: readonly Role[] | undefined;
}): ReactNode {
  const given = modes.filter((mode) => roles[mode] !== null);
  const same = roles.test === roles.live;
  if (same) return <Badge>{roleName(roles.live, all)}</Badge>;
  return (
    <span className="inline-flex max-w-full flex-wrap gap-1 max-sm:justify-end">
      {given.map((mode) => (
        <Badge key={mode} tone={mode === 'test' ? 'test' : 'neutral'}>
          <span className="min-w-0 truncate">
            {mode === 'test' ? 'Test' : 'Live'}: {roleName(roles[mode], all)}
          </span>
        </Badge>
      ))}
    </span>
  );
}
