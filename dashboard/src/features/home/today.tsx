import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useRead } from '../../api/index.ts';
import {
  cx,
  ErrorState,
  formatMoney,
  formatNumber,
  formatShare,
  Skeleton,
} from '../../ui/index.ts';
import { ByCurrency } from './by-currency.tsx';
import { currencyOf, totalsOf } from './report-sums.ts';
import { todayQuery, yesterdayQuery } from './report-times.ts';
import { useNow } from './use-now.ts';

type Report = schemas.PaymentReport;
const pollMs = 20_000;
const minuteMs = 60_000;

/** How the day goes, beside yesterday until the same time. */
export function Today(): ReactNode {
  const nowMs = useNow(minuteMs);
  const path = '/v1/reports/payments';
  const today = useRead<Report>(path, {
    query: todayQuery(nowMs),
    pollMs,
    keep: true,
    background: true,
  });
  const question = yesterdayQuery(nowMs);
  const before = useRead<Report>(question && path, {
    query: question ?? {},
    keep: true,
    background: true,
  });
  if (today.isError) {
    return (
      <div className="card">
        <ErrorState error={today.error} onRetry={() => void today.refetch()} />
      </div>
    );
  }
  return (
    <section aria-labelledby="today" className="grid gap-4">
      <h2 id="today" className="sr-only">
        Today
      </h2>
      {today.data === undefined ? (
        <Skeleton height="6.5rem" />
      ) : (
        <Tiles today={today.data} before={before.data} />
      )}
      {today.data !== undefined && today.data.currencies.length > 1 && (
        <ByCurrency today={today.data} before={before.data} />
      )}
    </section>
  );
}

function Tiles({ today, before }: { today: Report; before: Report | undefined }): ReactNode {
  const now = totalsOf(today);
  const then = before && totalsOf(before);
  const main = today.currencies[0] ?? before?.currencies[0];
  const currency = main?.currency;
  const money = (pick: 'captured' | 'refunded', report: Report | undefined) =>
    currency === undefined || report === undefined
      ? undefined
      : formatMoney(currencyOf(report, currency)?.[pick] ?? 0, currency);
  const rate = ({ authorized, failed }: typeof now) => formatShare(authorized, authorized + failed);
  const others = today.currencies.length - 1;
  const more = others > 0 ? ` and ${others} other ${others === 1 ? 'currency' : 'currencies'}` : '';
  return (
    <dl className="grid grid-cols-2 gap-4 xl:grid-cols-4">
      <Tile wide name="Captured today" value={money('captured', today) ?? '–'} more={more}>
        {money('captured', before)}
      </Tile>
      <Tile name="Payments today" value={formatNumber(now.payments)}>
        {then && formatNumber(then.payments)}
      </Tile>
      <Tile name="Success rate today" value={rate(now)}>
        {then && (then.authorized + then.failed === 0 ? 'None' : rate(then))}
      </Tile>
      <Tile wide name="Refunded today" value={money('refunded', today) ?? '–'} more={more}>
        {money('refunded', before)}
      </Tile>
    </dl>
  );
}

type TileProps = {
  name: string;
  value: string;
  /** What the value leaves out. */
  more?: string;
  /** On phones over the whole width: amounts can be long. */
  wide?: boolean;
  /** The same of yesterday. */
  children: ReactNode;
};

function Tile({ name, value, more, wide = false, children }: TileProps): ReactNode {
  return (
    <div
      className={cx('card grid grid-cols-1 content-start gap-0.5 p-4', wide && 'max-sm:col-span-2')}
    >
      <dt className="quiet text-sm">{name}</dt>
      <dd className="number text-2xl font-semibold wrap-anywhere">
        {value}
        {more && <span className="sr-only">{more}</span>}
      </dd>
      <dd className="quiet number text-sm">
        {children === undefined ? 'The day has just begun' : <>{children} yesterday by now</>}
      </dd>
    </div>
  );
}
