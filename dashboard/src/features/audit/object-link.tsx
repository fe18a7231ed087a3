import { isBuiltInRole } from 'payos-contract';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useCan } from '../../api/index.ts';
import { useMembers } from '../members/index.ts';

const objectPages: readonly [prefix: string, path: string][] = [
  ['pay_', '/payments/'],
  ['cus_', '/customers/'],
  ['evt_', '/events/'],
  ['mem_', '/members/'],
  ['role_', '/roles/'],
];

/** An object by its name where it is known, by its id otherwise; a link where it has a page. */
export function ObjectLink({ id }: { id: string }): ReactNode {
  const can = useCan();
  const members = useMembers(can('members:read') && id.startsWith('mem_'));
  const name = members.data?.data.find((one) => one.id === id)?.name;
  const path = objectPages.find(([prefix]) => id.startsWith(prefix))?.[1];
  const shown = name ?? <code className="break-all">{id}</code>;
  if (isBuiltInRole(id)) return id;
  if (path === undefined) return shown;
  return (
    <Link className="link" to={path + id}>
      {shown}
    </Link>
  );
}
