import type { ReactNode } from 'react';

export function Spinner({ size = 16 }: { size?: number }): ReactNode {
  return (
    <svg aria-hidden="true" className="spinner" width={size} height={size} viewBox="0 0 24 24">
      <circle
        cx="12"
        cy="12"
        r="9"
        fill="none"
        stroke="currentColor"
        strokeWidth="3"
        opacity=".25"
      />
      <path
        d="M21 12a9 9 0 0 0-9-9"
        fill="none"
        stroke="currentColor"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** Stands where text will be. */
export function Skeleton({ width = '100%', height = '1rem' }): ReactNode {
  return <span className="skeleton" style={{ width, height }} />;
}

const widths = ['92%', '78%', '85%', '70%', '88%', '74%', '81%', '67%'];

/** Rows of skeletons, at most eight, said as one "Loading …". */
export function LoadingRows({ rows = 5 }: { rows?: number }): ReactNode {
  return (
    <div role="status" className="grid gap-3 p-4">
      <span className="sr-only">Loading …</span>
      {widths.slice(0, rows).map((width) => (
        <Skeleton key={width} width={width} height="1.125rem" />
      ))}
    </div>
  );
}

/** Nothing is there yet, not even what stands around pages. Seen when that takes a moment. */
export function LoadingView(): ReactNode {
  return (
    <div role="status" className="quiet late grid min-h-dvh place-items-center">
      <span className="sr-only">Loading …</span>
      <Spinner size={24} />
    </div>
  );
}

/** A whole page that is not there yet. */
export function LoadingPage(): ReactNode {
  return (
    <div role="status" className="grid gap-6">
      <span className="sr-only">Loading …</span>
      <Skeleton width="14rem" height="1.75rem" />
      <Skeleton height="12rem" />
    </div>
  );
}

/** How far long work has come: `value` of `max`, or unknown. */
export function Progress({
  label,
  value,
  max = 1,
}: {
  label: string;
  value: number;
  max?: number;
}): ReactNode {
  const part = max === 0 ? 0 : Math.min(1, value / max);
  return (
    <div
      role="progressbar"
      className="progress"
      aria-label={label}
      aria-valuenow={Math.round(part * 100)}
    >
      <div style={{ width: `${part * 100}%` }} />
    </div>
  );
}
