import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/notice.tsx';

type Props = { children: ReactNode };

/** What a page throws while it is drawn. A new key, e.g. the path, gives the next page a chance. */
export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <main className="card m-auto max-w-xl">
        <ErrorState error={error}>
          <Button look="primary" icon="refresh" onClick={() => location.reload()}>
            Reload the page
          </Button>
        </ErrorState>
      </main>
    );
  }
}
