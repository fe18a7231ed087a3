import { type ReactNode, useEffect, useState } from 'react';
import { matchPath, Outlet, useLocation, useNavigate } from 'react-router';
import { keepsObject, useMode } from '../api/mode.ts';
import { forgetRefusal, useRefusal } from '../api/refusal.ts';
import { useActiveSession } from '../api/session.ts';
import { IconButton } from '../ui/button.tsx';
import { useModal } from '../ui/dialog.tsx';
import { Toasts } from '../ui/toast.tsx';
import { AccountMenu } from './account-menu.tsx';
import { IdleWatch } from './idle-watch.tsx';
import { ModeSwitch } from './mode-switch.tsx';
import { Navigation } from './navigation.tsx';
import { OrganizationMenu } from './organization-menu.tsx';
import { pages } from './pages.ts';
import { Palette } from './palette.tsx';
import { Refused } from './refused.tsx';
import { useSessionWatch } from './session-watch.ts';
import { StepUpDialog } from './step-up-dialog.tsx';

/** Everything around a page, for those who are signed in. */
export default function Shell(): ReactNode {
  return (
    <Toasts>
      <Frame />
      <StepUpDialog />
      <IdleWatch />
    </Toasts>
  );
}

function Frame(): ReactNode {
  const mode = useMode();
  const session = useActiveSession();
  useListAfterSwitch(mode);
  useSessionWatch();
  const refused = useRefused();
  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <div className="shell-side">
        <div className="flex h-[3.4375rem] shrink-0 items-center px-3">
          <OrganizationMenu />
        </div>
        <Navigation />
      </div>
      <div className="min-w-0">
        <header className="shell-top" data-mode={mode}>
          <div className="shell-bar">
            <PhoneNavigation />
            <div className="flex min-w-0 flex-1 items-center gap-2">
              <Palette />
            </div>
            <ModeSwitch />
            <AccountMenu />
          </div>
        </header>
        <main id="content" tabIndex={-1} className="shell-main outline-none">
          {refused === undefined ? (
            <Outlet key={session.organization?.id} />
          ) : (
            <Refused problem={refused} />
          )}
        </main>
      </div>
    </div>
  );
}

/** What keeps one out of the organization; one's own account stays open. */
function useRefused() {
  const { organization } = useActiveSession();
  const { pathname } = useLocation();
  const refusal = useRefusal();
  const id = organization?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page or organization asks anew
  useEffect(forgetRefusal, [pathname, id]);
  if (pathname.startsWith('/account')) return undefined;
  if (organization === null) return { code: 'no_organization', detail: '' } as const;
  return refusal;
}

/** What is open in one mode does not exist in the other: back to its list. */
function useListAfterSwitch(mode: string): void {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const [seen, setSeen] = useState(mode);
  useEffect(() => {
    if (seen === mode) return;
    setSeen(mode);
    const page = pages.find(({ path }) => matchPath(path, pathname) !== null);
    if (page?.list !== undefined && !keepsObject()) void navigate(page.list);
  }, [mode, seen, pathname, navigate]);
}

/** On small screens the navigation slides in from the side. */
function PhoneNavigation(): ReactNode {
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  const ref = useModal(open);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it makes way for the chosen page
  useEffect(() => setOpen(false), [pathname]);
  return (
    <div className="lg:hidden">
      <IconButton icon="menu" label="Menu" onClick={() => setOpen(true)} aria-haspopup="dialog" />
      {open && (
        <dialog
          ref={ref}
          tabIndex={-1}
          className="drawer"
          data-side="start"
          aria-label="Menu"
          onClose={() => setOpen(false)}
          onClick={(event) => {
            if (event.target === event.currentTarget) setOpen(false);
          }}
          onKeyDown={() => {}}
        >
          <div className="flex items-center gap-1 px-3 py-2">
            <OrganizationMenu />
            <IconButton icon="x" label="Close the menu" onClick={() => setOpen(false)} />
          </div>
          <Navigation />
        </dialog>
      )}
    </div>
  );
}
