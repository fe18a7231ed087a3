import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Card, type Column, formatNumber, formatShare, Money, Table } from '../../ui/index.ts';
import { currencyOf } from './report-sums.ts';

type Report = schemas.PaymentReport;
type Row = schemas.CurrencyReport;

/** The day in each currency: amounts of different ones are never added up. */
export function ByCurrency({
  today,
  before,
}: {
  today: Report;
  before: Report | undefined;
}): ReactNode {
  const columns: readonly Column<Row>[] = [
    { label: 'Currency', cell: ({ currency }) => currency },
    {
      label: 'Captured',
      align: 'end',
      cell: ({ captured, currency }) => <Money amount={captured} currency={currency} />,
    },
    {
      label: 'Yesterday by now',
      align: 'end',
      cell: ({ currency }) => {
        const amount = currencyOf(before, currency)?.captured ?? 0;
        return (
          <span className="quiet">
            <Money amount={amount} currency={currency} />
          </span>
        );
      },
    },
    {
      label: 'Refunded',
      align: 'end',
      cell: ({ refunded, currency }) => <Money amount={refunded} currency={currency} />,
    },
    { label: 'Payments', align: 'end', cell: ({ payments }) => formatNumber(payments) },
    {
      label: 'Success rate',
      align: 'end',
      cell: ({ authorized, failed }) => formatShare(authorized, authorized + failed),
    },
  ];
  return (
    <Card title="Today by currency" flush>
      <Table
        caption="Today by currency"
        columns={columns}
        rows={today.currencies}
        keyOf={({ currency }) => currency}
        linkOf={({ currency }) => `/payments?currency=${currency}&range=24h`}
      />
    </Card>
  );
}
