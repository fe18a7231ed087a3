import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { counted, DateTime, Icon, Notice } from '../../ui/index.ts';

type Propagation = schemas.Propagation;

/** `3 of 3 processes heard of it in 12 ms.` */
export function sayPropagation({ nodes, acknowledged, milliseconds }: Propagation): string {
  if (nodes === 0) return 'No process remembers keys at the moment.';
  const time = milliseconds === null ? '' : ` in ${Math.max(1, Math.round(milliseconds))} ms`;
  const whole = counted(nodes, 'process', 'processes');
  return `${acknowledged} of ${whole} heard of it${acknowledged === 0 ? '' : time}.`;
}

/** How far the last change has come, and what it means where a process is silent. */
export function LastChange({ change }: { change: Propagation & { at?: string } }): ReactNode {
  const { waiting, at } = change;
  const said = sayPropagation(change);
  if (waiting.length === 0) {
    return (
      <p role="status" className="quiet flex flex-wrap items-center gap-x-2 text-sm">
        <span className="inline-flex text-ok">
          <Icon name="check" size={14} />
        </span>
        <span>
          Last change{at !== undefined && <> {<DateTime value={at} look="ago" />}</>}: {said}
        </span>
      </p>
    );
  }
  return (
    <Notice tone="warn" title={said}>
      <p>
        Silent:{' '}
        {waiting.map(({ node, kind, seen_at: seen }, index) => (
          <span key={node}>
            {index > 0 && ', '}
            <code className="wrap-anywhere">{node}</code> ({kind}, last seen{' '}
            <DateTime value={seen} look="ago" />)
          </span>
        ))}
        .
      </p>
      <p>
        A process that is silent trusts nothing it remembers for longer than a second: it asks the
        database, or refuses. So the change holds there as well.
      </p>
    </Notice>
  );
}
