import { Toast as Base } from '@base-ui/react/toast';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

const manager = Base.createToastManager();

/** Says in passing that something was done. What must be read belongs on the page. */
export function toast(title: string, text?: string): void {
  manager.add({ title, type: 'ok', ...(text === undefined ? {} : { description: text }) });
}

const signs: Record<string, IconName> = { ok: 'check' };

function List(): ReactNode {
  const { toasts } = Base.useToastManager();
  return toasts.map((one) => (
    <Base.Root key={one.id} toast={one} className="toast" swipeDirection={[]}>
      <span className="text-ok mt-0.5">
        <Icon name={signs[one.type ?? ''] ?? 'info'} />
      </span>
      <div className="min-w-0 flex-1">
        <Base.Title className="font-medium" render={<p />} />
        <Base.Description className="quiet text-sm" />
      </div>
      <Base.Close className="button" data-look="quiet" data-size="small" aria-label="Dismiss">
        <Icon name="x" />
      </Base.Close>
    </Base.Root>
  ));
}

export function Toasts({ children }: { children: ReactNode }): ReactNode {
  return (
    <Base.Provider toastManager={manager} timeout={6_000}>
      {children}
      <Base.Portal>
        <Base.Viewport className="toasts">
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}
