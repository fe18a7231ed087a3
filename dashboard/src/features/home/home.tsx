import type { ReactNode } from 'react';
import { useActiveSession, useCan, useMode } from '../../api/index.ts';
import { Notice, PageHeader } from '../../ui/index.ts';
import { Checklist } from './checklist.tsx';
import { LatestPayments } from './latest-payments.tsx';

/** Where one begins: what is still to do, and how the day goes. */
export default function Home(): ReactNode {
  const { account } = useActiveSession();
  const can = useCan();
  const mode = useMode();
  return (
    <>
      <PageHeader title={`Welcome, ${account?.name ?? ''}`} />
      <div className="grid gap-4">
        {mode === 'live' && (
          <Notice title="Live mode is not set up on this installation">
            It has no processor for real money yet: live payments are refused, and nothing is
            charged. Everything can be tried in test mode.
          </Notice>
        )}
        <Checklist />
        {can('payments:read') && <LatestPayments />}
      </div>
    </>
  );
}
