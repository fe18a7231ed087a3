import type { ReactNode } from 'react';
import { CopyButton } from './copy.tsx';

/** Code that scrolls inside itself, is reachable with the keyboard, and can be copied. */
export function CodeBlock({
  label,
  text,
  hideLabel = false,
  wrap = false,
  onCopied,
}: {
  label: string;
  text: string;
  hideLabel?: boolean;
  /** Seen whole, broken anywhere: for one long word, which nobody would scroll to read. */
  wrap?: boolean;
  /** By the button, or by hand. */
  onCopied?: () => void;
}): ReactNode {
  return (
    <figure className="code-block">
      {!hideLabel && <figcaption>{label}</figcaption>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reachable by keys */}
      <section className="code-scroll" tabIndex={0} aria-label={label} onCopy={onCopied}>
        <pre className={wrap ? 'text-sm break-all whitespace-pre-wrap' : undefined}>
          <code>{text}</code>
        </pre>
      </section>
      <CopyButton text={text} label={`Copy: ${label}`} onCopied={onCopied} />
    </figure>
  );
}

/** A short identifier, e.g. of a payment, with a button to copy it. */
export function CopyableId({ id }: { id: string }): ReactNode {
  return (
    <span className="inline-flex min-w-0 items-center gap-1">
      <code className="break-all">{id}</code>
      <CopyButton text={id} label={`Copy ${id}`} />
    </span>
  );
}
