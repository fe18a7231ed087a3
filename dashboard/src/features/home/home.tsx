import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useActiveSession, useCan, useMode, useRead } from '../../api/index.ts';
import { Notice, PageHeader } from '../../ui/index.ts';
import { KeysInNeed } from '../api-keys/index.ts';
import { Checklist } from './checklist.tsx';
import { Course } from './course.tsx';
import { LatestPayments } from './latest-payments.tsx';
import { Today } from './today.tsx';

type Page = { data: schemas.Payment[] };
const pollMs = 15_000;

/** Where one begins: how the day goes, and what is still to do. */
export default function Home(): ReactNode {
  const { account } = useActiveSession();
  const can = useCan();
  const mode = useMode();
  const seesPayments = can('payments:read');
  const latest = useRead<Page>(seesPayments ? '/v1/payments' : undefined, {
    query: { limit: 8 },
    pollMs,
  });
  const isEmpty = latest.data?.data.length === 0;
  return (
    <>
      <PageHeader tab="Home" title={`Welcome, ${account?.name ?? ''}`} />
      <div className="grid gap-4">
        {mode === 'live' && (
          <Notice title="Live mode is not set up on this installation">
            It has no processor for real money yet: live payments are refused, and nothing is
            charged. Everything can be tried in test mode.
          </Notice>
        )}
        <KeysInNeed />
        {isEmpty && <Checklist />}
        {!isEmpty && can('reports:read') && (
          <>
            <Today />
            <Course />
          </>
        )}
        {!isEmpty && <Checklist />}
        {seesPayments && <LatestPayments list={latest} />}
      </div>
    </>
  );
}
