import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { Button } from '../../ui/index.ts';

const DeveloperDrawer = lazy(() => import('./developer-drawer.tsx'));

export type DeveloperProps = {
  /** Id of the object, e.g. `pay_…`. */
  id: string;
  /** Its path at the API, e.g. `/v1/payments/pay_…`. */
  path: string;
  /** The object as the API answered it. */
  value: unknown;
};

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/**
 * What developers ask about an object: its JSON, the request for it, its events and its API
 * requests, in a drawer. Ctrl + . (⌘ + .) opens and closes it.
 */
export function DeveloperButton(props: DeveloperProps): ReactNode {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '.' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((before) => !before);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <Button
        icon="code"
        aria-haspopup="dialog"
        aria-keyshortcuts={isApple ? 'Meta+.' : 'Control+.'}
        title={`Developer (${isApple ? '⌘' : 'Ctrl'} + .)`}
        onClick={() => setOpen(true)}
      >
        Developer
      </Button>
      {open && (
        <Suspense>
          <DeveloperDrawer {...props} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
