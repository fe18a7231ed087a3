import type { ReactNode } from 'react';

type Entry = { label: ReactNode; key: string; value: number; shown: string };

/** Amounts of several kinds, longest first as they are given, e.g. reasons of declines. */
export function BarList({
  label,
  entries,
}: {
  label: string;
  entries: readonly Entry[];
}): ReactNode {
  const highest = Math.max(1, ...entries.map(({ value }) => value));
  return (
    <ul aria-label={label} className="grid gap-2.5">
      {entries.map(({ key, label: name, value, shown }) => (
        <li key={key} className="grid gap-1">
          <span className="flex justify-between gap-3">
            <span className="min-w-0 break-words">{name}</span>
            <span className="number quiet">{shown}</span>
          </span>
          <span className="bar-track">
            <span className="bar-fill" style={{ width: `${(value / highest) * 100}%` }} />
          </span>
        </li>
      ))}
    </ul>
  );
}
