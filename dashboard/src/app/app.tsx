import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, Suspense } from 'react';
import { BrowserRouter, Navigate, Outlet, Route, Routes, useLocation } from 'react-router';
import { queryClient } from '../api/query-client.ts';
import { useSession } from '../api/session.ts';
import { lastEnd } from '../api/session-end.ts';
import { ErrorState } from '../ui/notice.tsx';
import { LoadingPage, LoadingView } from '../ui/waiting.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { NotFound } from './not-found.tsx';
import { PageOnItsWay } from './page-fetches.tsx';
import { Permitted } from './permitted.tsx';
import { screens, shell } from './screens.tsx';
import { ScrollKeeper } from './scroll.tsx';

const { Screen: Shell } = shell;

export function App(): ReactNode {
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <ScrollKeeper />
          <PageOnItsWay />
          <ErrorBoundary>
            <Suspense fallback={<LoadingView />}>
              <AllRoutes />
            </Suspense>
          </ErrorBoundary>
        </BrowserRouter>
      </QueryClientProvider>
    </CSPProvider>
  );
}

function AllRoutes(): ReactNode {
  const bare = screens.filter(({ frame }) => frame === 'bare');
  const inside = screens.filter(({ frame }) => frame === undefined);
  return (
    <Routes>
      <Route element={<KnownSession />}>
        {bare.map(({ path, Screen }) => (
          <Route key={path} path={path} element={<Framed Screen={Screen} />} />
        ))}
        <Route element={<SignedIn />}>
          {inside.map((page) => (
            <Route
              key={page.path}
              path={page.path}
              element={
                <Permitted page={page}>
                  <Framed Screen={page.Screen} />
                </Permitted>
              }
            />
          ))}
          <Route path="*" element={<NotFound />} />
        </Route>
      </Route>
    </Routes>
  );
}

/** A page that is on its way leaves the one before it where it is, until it is there. */
function Framed({ Screen }: { Screen: (typeof screens)[number]['Screen'] }): ReactNode {
  const { pathname } = useLocation();
  return (
    <Suspense fallback={<LoadingPage />}>
      <ErrorBoundary key={pathname}>
        <Screen />
      </ErrorBoundary>
    </Suspense>
  );
}

/** Nothing is shown before it is known who is there. */
function KnownSession(): ReactNode {
  const session = useSession();
  if (session.isSuccess) return <Outlet />;
  if (session.isPending) return <LoadingView />;
  return (
    <main className="bare">
      <div className="card bare-card">
        <ErrorState error={session.error} onRetry={() => void session.refetch()} />
      </div>
    </main>
  );
}

/** Whoever is not signed in goes there first, and then comes back. */
function SignedIn(): ReactNode {
  const { data } = useSession();
  const { pathname, search, hash } = useLocation();
  if (data?.state === 'active') return <Shell />;
  const back = pathname + search + hash;
  // Who signs out does not tell the next person at this screen where they were.
  const plain = back === '/' || lastEnd() === 'by-hand';
  return <Navigate replace to={plain ? '/sign-in' : `/sign-in?${returnTo(back)}`} />;
}

const returnTo = (path: string) => new URLSearchParams({ return: path });
