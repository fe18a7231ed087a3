import type { ReactNode } from 'react';

/** The name of an event type; it may break before its dots. */
export function EventType({ type }: { type: string }): ReactNode {
  const [first = '', ...rest] = type.split('.');
  return (
    <code>
      {first}
      {rest.map((part) => (
        <span key={part}>
          <wbr />.{part}
        </span>
      ))}
    </code>
  );
}
