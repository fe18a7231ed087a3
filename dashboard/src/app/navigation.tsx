import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { useCan } from '../api/session.ts';
import { Icon } from '../ui/icon.tsx';
import { type Page, type Section, sections } from './page.ts';
import { pages } from './pages.ts';

const titles: Record<Section, string | undefined> = {
  payments: undefined,
  developers: 'Developers',
  organization: 'Organization',
};

type Entry = Page & { nav: NonNullable<Page['nav']> };

/** The pages of the navigation that this person may see, in their order. */
export function usePermittedEntries(): Entry[] {
  const can = useCan();
  return pages
    .filter((page): page is Entry => page.nav !== undefined)
    .filter(({ permission }) => permission === undefined || can(permission))
    .sort((a, b) => a.nav.order - b.nav.order);
}

export function Navigation(): ReactNode {
  const entries = usePermittedEntries();
  return (
    <nav className="nav" aria-label="Pages">
      {sections.map((section) => {
        const own = entries.filter(({ nav }) => nav.section === section);
        if (own.length === 0) return null;
        return (
          <div key={section}>
            {titles[section] && <p className="nav-title">{titles[section]}</p>}
            <ul>
              {own.map(({ path, nav }) => (
                <li key={path}>
                  <NavLink to={path} end={path === '/'} className="nav-link">
                    <Icon name={nav.icon} size={17} />
                    {nav.label}
                  </NavLink>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
