import type { ReactNode } from 'react';
import { NavLink } from 'react-router';

/** Pages that belong together, as a row of links. */
export function NavTabs({
  label,
  links,
}: {
  label: string;
  links: readonly { to: string; label: ReactNode }[];
}): ReactNode {
  return (
    <nav className="tabs" aria-label={label}>
      {links.map(({ to, label: text }) => (
        <NavLink key={to} to={to} end className="tab">
          {text}
        </NavLink>
      ))}
    </nav>
  );
}
