import type { ReactNode } from 'react';

/**
 * What somebody else has written, in a table: breaks anywhere, two lines at most; all of it is
 * read out, and shown on pointing at it.
 */
export function LongText({ children, quiet }: { children: string; quiet?: boolean }): ReactNode {
  return (
    <span className={quiet ? 'long-text quiet text-sm' : 'long-text'} title={children}>
      {children}
    </span>
  );
}
