import { isWide, type Permission, permissions } from 'payos-contract';
import { Fragment, type ReactNode } from 'react';
import { Link } from 'react-router';
import { Icon } from '../../ui/index.ts';
import type { Role } from './data.ts';
import { permissionGroups } from './grants.ts';

/** Which role grants what: one column for each role. Scrolls sideways inside its card. */
export function RoleMatrix({ roles }: { roles: readonly Role[] }): ReactNode {
  return (
    // What scrolls is reached by keys through the links of its head.
    <section className="relative overflow-x-auto rounded-b-lg" aria-label="Permissions by role">
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">Permissions by role</caption>
        <thead>
          <tr>
            <th
              scope="col"
              className={`${firstColumn} align-bottom text-xs font-medium text-quiet`}
            >
              Permission
            </th>
            {roles.map(({ id, name }) => (
              <th
                key={id}
                scope="col"
                className="border-b border-line px-2 py-2 text-center align-bottom"
              >
                <Link
                  to={`/roles/${id}`}
                  className="link inline-block max-w-28 min-w-16 text-xs font-medium"
                >
                  {name}
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissionGroups().map(({ group, names }) => (
            <Fragment key={group}>
              <tr>
                <th scope="rowgroup" className={`${firstColumn} text-sm font-semibold`}>
                  {group}
                </th>
                <td colSpan={roles.length} className="border-b border-line bg-surface" />
              </tr>
              {names.map((name) => (
                <MatrixRow key={name} name={name} roles={roles} />
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const firstColumn =
  'sticky left-0 z-1 min-w-40 max-w-72 border-b border-line bg-surface px-4 py-2 align-top';

function MatrixRow({ name, roles }: { name: Permission; roles: readonly Role[] }): ReactNode {
  return (
    <tr>
      <th scope="row" className={`${firstColumn} font-normal`}>
        <span className="block">{permissions[name].text}</span>
        <span className="quiet block text-xs">
          <code>{name}</code>
          {isWide(name) && ' · live role only'}
        </span>
      </th>
      {roles.map((role) => {
        const granted = role.permissions.includes(name);
        return (
          <td key={role.id} className="border-b border-line px-2 py-2 text-center">
            <span className={granted ? 'inline-grid text-ok' : 'inline-grid text-quiet'}>
              <Icon name={granted ? 'check' : 'minus'} size={granted ? 16 : 12} />
            </span>
            <span className="sr-only">{granted ? 'Yes' : 'No'}</span>
          </td>
        );
      })}
    </tr>
  );
}
