import type { ReactNode } from 'react';

/** The sign of PayOS. */
export function Mark({ size = 26 }: { size?: number }): ReactNode {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" width={size} height={size} className="shrink-0">
      <rect width="32" height="32" rx="8" fill="#3438c9" />
      <path d="M11 25V8h6.5a5.5 5.5 0 0 1 0 11H11" fill="none" stroke="#fff" strokeWidth="3.5" />
    </svg>
  );
}
