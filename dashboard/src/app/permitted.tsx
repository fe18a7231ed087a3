import { permissions } from 'payos-contract';
import type { ReactNode } from 'react';
import { useMode } from '../api/mode.ts';
import { useCan } from '../api/session.ts';
import { usePageTitle } from '../ui/page.tsx';
import { EmptyState } from '../ui/surface.tsx';
import type { Page } from './page.ts';

/** Shows a page to those who may see it. The API decides; this only saves them an error. */
export function Permitted({ page, children }: { page: Page; children: ReactNode }): ReactNode {
  const can = useCan();
  if (page.permission === undefined || can(page.permission)) return children;
  return <NotPermitted permission={page.permission} />;
}

function NotPermitted({ permission }: { permission: keyof typeof permissions }): ReactNode {
  const heading = usePageTitle('Not permitted');
  const current = useMode();
  // What concerns the whole organization comes from the role in live mode, whatever is shown.
  const mode = 'wide' in permissions[permission] ? 'live' : current;
  const { text } = permissions[permission];
  return (
    <div className="card">
      <h1 ref={heading} tabIndex={-1} className="sr-only">
        Not permitted
      </h1>
      <EmptyState icon="lock" title={`Your role in ${mode} mode does not show this page`}>
        <p>
          It takes the permission <code>{permission}</code>: {text.toLowerCase()}. Somebody who
          manages members can give you a role that has it.
        </p>
      </EmptyState>
    </div>
  );
}
