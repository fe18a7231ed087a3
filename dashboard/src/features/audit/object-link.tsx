import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useCan } from '../../api/index.ts';
import { pageOf } from '../activity/index.ts';
import { useMembers } from '../members/index.ts';
import { useRoles } from '../roles/index.ts';

/** What people call an object, and its page, as far as there is one and it is known here. */
export function useNamed(id: string): { name?: string; to?: string } {
  const can = useCan();
  const may = can('members:read');
  const isPerson = /^(mem|acc)_/.test(id);
  const members = useMembers(may && isPerson);
  const roles = useRoles(may && id.startsWith('role_'));
  const person = members.data?.data.find((one) => one.id === id || one.account === id);
  if (person !== undefined) return { name: person.name, to: `/members/${person.id}` };
  const role = roles.data?.data.find((one) => one.id === id);
  if (role !== undefined) return { name: role.name, to: `/roles/${id}` };
  const to = pageOf(id);
  return to === undefined ? {} : { to };
}

/** An object by its name where it is known, by its id otherwise; a link where it has a page. */
export function ObjectLink({ id }: { id: string }): ReactNode {
  const { name, to } = useNamed(id);
  const shown = name ?? <code className="wrap-anywhere">{id}</code>;
  if (to === undefined) return shown;
  return (
    <Link className="link" to={to}>
      {shown}
    </Link>
  );
}
