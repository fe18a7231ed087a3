import type { ReactNode } from 'react';
import type { TimeData } from './series.ts';

type Props = TimeData & {
  title: string;
  formatValue: (value: number) => string;
  formatTime: (time: string) => string;
};

/** The same numbers as the picture, for those who read rather than look. */
export function TimeTable({ title, times, series, formatValue, formatTime }: Props): ReactNode {
  return (
    <details className="text-sm">
      <summary className="quiet w-fit cursor-pointer rounded-sm py-0.5 hover:text-ink">
        Show as a table
      </summary>
      <div className="mt-2 max-h-72 overflow-auto rounded-md border border-line">
        <table className="plain-table">
          <caption className="sr-only">{title}</caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              {series.map(({ label }) => (
                <th key={label} scope="col" data-align="end">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {times.map((time, index) => (
              <tr key={time}>
                <th scope="row">{formatTime(time)}</th>
                {series.map(({ label, values }) => (
                  <td key={label} data-align="end">
                    {formatValue(values[index] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
