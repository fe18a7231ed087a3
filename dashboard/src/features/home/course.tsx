import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useRead } from '../../api/index.ts';
import { useAddressFilters } from '../../shared/address-filters.ts';
import { BarList, TimeChart } from '../../ui/charts/index.ts';
import { Card, ErrorState, formatNumber, Skeleton } from '../../ui/index.ts';
import { explainDecline } from '../payments/index.ts';
import { courseOf } from './report-sums.ts';
import { type Period, periodQuery, periods } from './report-times.ts';
import { useNow } from './use-now.ts';

type Report = schemas.PaymentReport;
const pollMs = 30_000;
const minuteMs = 60_000;
/** As many as fit beside the chart. */
const shownDeclines = 6;

const names: Record<Period, string> = { '24h': '24 hours', '7d': '7 days', '30d': '30 days' };

/** Payments over time, and why some were declined. The period stands in the address. */
export function Course(): ReactNode {
  const { of, set } = useAddressFilters();
  const period = periods.find((one) => one === of('period')) ?? '24h';
  const nowMs = useNow(minuteMs);
  const query = periodQuery(period, nowMs);
  const report = useRead<Report>('/v1/reports/payments', {
    query,
    pollMs,
    keep: true,
    background: true,
  });
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <Card
        title="Payments over time"
        actions={<Periods chosen={period} onChoose={(one) => set({ period: one })} />}
      >
        {report.isPending ? (
          <Skeleton height="14rem" />
        ) : report.isError ? (
          <ErrorState error={report.error} onRetry={() => void report.refetch()} />
        ) : (
          <Chart report={report.data} />
        )}
      </Card>
      <Card title="Why payments were declined" text={`Last ${names[period]}`}>
        {report.data === undefined ? (
          <Skeleton height="6rem" />
        ) : (
          <Declines report={report.data} period={period} />
        )}
      </Card>
    </div>
  );
}

type PeriodsProps = { chosen: Period; onChoose: (period: Period) => void };

function Periods({ chosen, onChoose }: PeriodsProps): ReactNode {
  return (
    <fieldset className="segments">
      <legend className="sr-only">Period</legend>
      {periods.map((period) => (
        <button
          key={period}
          type="button"
          className="segment"
          aria-pressed={period === chosen}
          onClick={() => onChoose(period)}
        >
          {names[period]}
        </button>
      ))}
    </fieldset>
  );
}

const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

function Chart({ report }: { report: Report }): ReactNode {
  const { times, authorized, failed } = courseOf(report);
  if (times.length === 0)
    return <p className="quiet py-8 text-center">No payments in this time.</p>;
  const format = report.interval === 'hour' ? hour : day;
  return (
    <TimeChart
      title={`Payments by ${report.interval}`}
      look="bars"
      times={times}
      series={[
        { label: 'Approved', tone: 'ok', values: authorized },
        { label: 'Failed', tone: 'danger', values: failed },
      ]}
      formatValue={formatNumber}
      formatTime={(time) => format.format(new Date(time))}
    />
  );
}

function Declines({ report, period }: { report: Report; period: Period }): ReactNode {
  if (report.declines.length === 0) return <p className="quiet">No payment was declined.</p>;
  return (
    <BarList
      label="Reasons of declines"
      entries={report.declines.slice(0, shownDeclines).map(({ decline_code: code, payments }) => ({
        key: code,
        label: (
          <Link to={`/payments?decline_code=${code}&range=${period}`} className="link">
            {explainDecline(code).text}
          </Link>
        ),
        value: payments,
        shown: formatNumber(payments),
      }))}
    />
  );
}
