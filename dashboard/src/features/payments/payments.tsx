import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useMode, useRead } from '../../api/index.ts';
import { useCreatedRange } from '../../shared/range-filter.tsx';
import { Card, EmptyState, LinkButton, ListBody, PageHeader, useCursor } from '../../ui/index.ts';
import { useNotedList } from '../activity/index.ts';
import { DownloadButton } from './download-button.tsx';
import { PaymentFilterBar } from './filter-bar.tsx';
import { isView, paymentQuery, views } from './payment-query.ts';
import { PaymentTable } from './payment-table.tsx';

type Page = { data: schemas.Payment[]; has_more: boolean };

const pageSize = 25;
const openPollMs = 3_000;

/** All payments of the mode. */
export default function Payments(): ReactNode {
  useNotedList();
  const [params] = useSearchParams();
  const query = { ...paymentQuery(params), ...useCreatedRange() };
  const cursor = useCursor();
  const list = useRead<Page>('/v1/payments', {
    query: { ...query, ...cursor, limit: pageSize },
    keep: true,
    pollMs: ({ data }) => data.some(({ status }) => status === 'processing') && openPollMs,
  });
  return (
    <>
      <PageHeader
        title="Payments"
        actions={list.data?.data.length !== 0 && <DownloadButton query={query} />}
      />
      <Views params={params} />
      <Card flush>
        <PaymentFilterBar />
        <div className="border-t border-line">
          <ListBody query={list} empty={<NoPayments params={params} />}>
            {(rows) => <PaymentTable caption="Payments" payments={rows} />}
          </ListBody>
        </div>
      </Card>
    </>
  );
}

/** Lists that many look at. */
function Views({ params }: { params: URLSearchParams }): ReactNode {
  return (
    <nav className="tabs mb-4" aria-label="Views">
      {views.map(({ label, search }) => (
        <Link
          key={label}
          to={{ search }}
          className="tab"
          aria-current={isView(params, search) ? 'page' : undefined}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}

function NoPayments({ params }: { params: URLSearchParams }): ReactNode {
  const mode = useMode();
  if (!isView(params, '') || params.has('after') || params.has('before')) {
    return (
      <EmptyState
        icon="search"
        title="No payment matches"
        actions={<LinkButton to="/payments">Show all payments</LinkButton>}
      >
        Take a filter away, or choose a longer time.
      </EmptyState>
    );
  }
  if (mode === 'live') {
    return (
      <EmptyState icon="card" title="Live mode takes no payments on this installation">
        It has no processor for real money yet, so live payments are refused and nothing is charged.
        Everything can be tried in test mode.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="card"
      title="No payments yet"
      actions={
        <LinkButton to="/" look="primary">
          Make the first one
        </LinkButton>
      }
    >
      The home page has the two commands that make one with a test card.
    </EmptyState>
  );
}
