import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { CopyableId, Icon, usePageTitle } from '../../ui/index.ts';
import { lastList } from './last-list.ts';

type Props = {
  /** What it is, e.g. "Payment"; read out before the title, and shown beside the id. */
  kind: string;
  title: string;
  id: string;
  /** Beside the title, e.g. a status. */
  after?: ReactNode;
  actions?: ReactNode;
  /** The list one came from; it opens with the filters it had. */
  parent: { to: string; label: string };
};

/** The head of the page of one object. */
export function ObjectHeader({ kind, title, id, after, actions, parent }: Props): ReactNode {
  const heading = usePageTitle(`${kind} ${title}`);
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <Link
          to={lastList(parent.to)}
          className="quiet mb-1 inline-flex min-h-6 items-center gap-1 text-sm hover:text-ink"
        >
          <Icon name="chevron-left" size={14} />
          {parent.label}
        </Link>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 ref={heading} tabIndex={-1} className="number min-w-0 text-2xl break-words">
            <span className="sr-only">{kind} </span>
            {title}
          </h1>
          {after}
        </div>
        <div className="quiet mt-0.5 text-sm">
          <CopyableId id={id} />
        </div>
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}
