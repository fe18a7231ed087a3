import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/index.ts';
import { markJson } from './mark-json.ts';

const colours = {
  key: 'text-ink',
  text: 'text-ok',
  number: 'text-accent',
  word: 'text-warn',
  other: 'text-quiet',
} as const;

/** An object as the API answers it, with its kinds of values told apart. */
export function JsonBlock({ label, value }: { label: string; value: unknown }): ReactNode {
  const text = JSON.stringify(value, null, 2);
  return (
    <figure className="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reachable by keys */}
      <section className="code-scroll max-h-none" tabIndex={0} aria-label={label}>
        <pre>
          <code>
            {markJson(text).map(({ kind, at, text: part }) => (
              <span key={at} className={colours[kind]}>
                {part}
              </span>
            ))}
          </code>
        </pre>
      </section>
      <CopyButton text={text} label={`Copy: ${label}`} />
    </figure>
  );
}
