import type { schemas } from 'payos-contract';

type Report = schemas.PaymentReport;

export type Totals = { payments: number; authorized: number; failed: number };

/** Numbers that can be added up whatever the currency. */
export function totalsOf(report: Report): Totals {
  const sum = (pick: (one: schemas.CurrencyReport) => number) =>
    report.currencies.reduce((total, one) => total + pick(one), 0);
  return {
    payments: sum(({ payments }) => payments),
    authorized: sum(({ authorized }) => authorized),
    failed: sum(({ failed }) => failed),
  };
}

/** Payments over time, of all currencies together. */
export function courseOf(report: Report): {
  times: string[];
  authorized: number[];
  failed: number[];
} {
  const series = report.currencies.map((one) => one.series);
  const times = series[0]?.map(({ start }) => start) ?? [];
  const at = (pick: (step: schemas.ReportStep) => number) =>
    times.map((_, index) =>
      series.reduce((total, steps) => {
        const step = steps[index];
        return total + (step === undefined ? 0 : pick(step));
      }, 0),
    );
  return {
    times,
    authorized: at(({ authorized }) => authorized),
    failed: at(({ failed }) => failed),
  };
}

/** The same currency of another time. */
export const currencyOf = (report: Report | undefined, currency: string) =>
  report?.currencies.find((one) => one.currency === currency);
