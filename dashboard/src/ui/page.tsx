import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'react-router';
import { useActiveSessionName } from '../api/session-name.ts';
import { Icon } from './icon.tsx';

let navigated: string | undefined;

/** Sets the document's title; the focus goes to the heading of whoever comes from elsewhere. */
export function usePageTitle(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  const organization = useActiveSessionName();
  useEffect(() => {
    document.title = [title, organization, 'PayOS'].filter(Boolean).join(' · ');
  }, [title, organization]);
  useEffect(() => {
    // On the first page the browser puts the focus where it belongs.
    if (navigated !== undefined && navigated !== pathname) {
      heading.current?.focus({ preventScroll: true });
    }
    navigated = pathname;
  }, [pathname]);
  return heading;
}

type Props = {
  title: string;
  /** Of the tab, where the heading says something else. */
  tab?: string;
  /** Beside the title, e.g. a status. */
  after?: ReactNode;
  text?: ReactNode;
  actions?: ReactNode;
  /** The list one came from. */
  parent?: { to: string; label: string };
};

/** The head of every page: its only h1, which is where the focus goes after navigating. */
export function PageHeader({ title, tab, after, text, actions, parent }: Props): ReactNode {
  const heading = usePageTitle(tab ?? title);
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {parent !== undefined && (
          <Link
            to={parent.to}
            className="quiet mb-1 inline-flex min-h-6 items-center gap-1 text-sm hover:text-ink"
          >
            <Icon name="chevron-left" size={14} />
            <span className="min-w-0 wrap-anywhere">{parent.label}</span>
          </Link>
        )}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 ref={heading} tabIndex={-1} className="min-w-0 break-words">
            {title}
          </h1>
          {after}
        </div>
        {text !== undefined && <div className="quiet mt-1 max-w-[44rem]">{text}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}
