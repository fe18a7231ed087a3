import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isProblem, setMode, useActiveSession, useMode } from '../../api/index.ts';
import {
  Button,
  EmptyState,
  ErrorState,
  LinkButton,
  LoadingPage,
  usePageTitle,
} from '../../ui/index.ts';
import { lastList } from './last-list.ts';

type Props<T> = {
  query: UseQueryResult<T>;
  /** What it is, e.g. "payment". */
  kind: string;
  list: { to: string; label: string };
  children: (value: T) => ReactNode;
};

/** A page of one object: there, on its way, missing, or failed. */
export function ObjectPage<T>({ query, kind, list, children }: Props<T>): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <LoadingPage />;
  return <NotShown query={query} kind={kind} list={list} />;
}

function NotShown<T>({ query, kind, list }: Omit<Props<T>, 'children'>): ReactNode {
  const mode = useMode();
  const { roles } = useActiveSession();
  const other = mode === 'test' ? 'live' : 'test';
  const { error } = query;
  const isMissing = isProblem(error, 'not_found', 'invalid_request');
  const title = isMissing ? `There is no such ${kind}` : `The ${kind} could not be read`;
  const heading = usePageTitle(title);
  return (
    <div className="card">
      <h1 ref={heading} tabIndex={-1} className="sr-only">
        {title}
      </h1>
      {isMissing ? (
        <EmptyState
          icon="search"
          title={title}
          actions={
            <>
              <LinkButton to={lastList(list.to)}>{list.label}</LinkButton>
              {roles[other] !== null && (
                <Button onClick={() => setMode(other, true)}>Look in {other} mode</Button>
              )}
            </>
          }
        >
          Not in {mode} mode of this organization. Check the id, and whether it belongs to the other
          mode.
        </EmptyState>
      ) : (
        <ErrorState error={error} onRetry={() => void query.refetch()} />
      )}
    </div>
  );
}
