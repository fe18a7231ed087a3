import type { ReactNode } from 'react';
import { LinkButton } from '../ui/button.tsx';
import { usePageTitle } from '../ui/page.tsx';
import { EmptyState } from '../ui/surface.tsx';

export function NotFound(): ReactNode {
  const heading = usePageTitle('Page not found');
  return (
    <div className="card">
      <h1 ref={heading} tabIndex={-1} className="sr-only">
        Page not found
      </h1>
      <EmptyState
        icon="search"
        title="There is no page at this address"
        actions={
          <LinkButton to="/" look="primary">
            Go to the home page
          </LinkButton>
        }
      >
        It may have been moved, or the link was cut off on its way.
      </EmptyState>
    </div>
  );
}
