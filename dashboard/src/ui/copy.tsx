import { type ReactNode, useEffect, useState } from 'react';
import { Button } from './button.tsx';

/** Puts a text on the clipboard, and says so to eyes and ears. */
export function CopyButton({
  text,
  label,
  shown,
  onCopied,
}: {
  text: string;
  /** What it copies, e.g. "Copy the request id". */
  label: string;
  /** A text beside the picture. */
  shown?: string;
  onCopied?: (() => void) | undefined;
}): ReactNode {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => {
        setOutcome('copied');
        onCopied?.();
      },
      () => setOutcome('refused'),
    );
  };
  const said = outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Select it by hand' : '';
  return (
    <>
      <Button
        look={shown === undefined ? 'quiet' : 'plain'}
        size="small"
        icon={outcome === 'copied' ? 'check' : 'copy'}
        title={label}
        aria-label={shown === undefined ? label : undefined}
        onClick={copy}
      >
        {shown !== undefined && (said || shown)}
      </Button>
      <span role="status" className="sr-only">
        {said}
      </span>
    </>
  );
}
