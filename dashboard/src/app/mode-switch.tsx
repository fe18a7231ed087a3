import type { Mode } from 'payos-contract';
import { type ReactNode, useEffect } from 'react';
import { setMode, useMode } from '../api/mode.ts';
import { useActiveSession } from '../api/session.ts';

const modes: readonly { mode: Mode; text: string }[] = [
  { mode: 'test', text: 'Test' },
  { mode: 'live', text: 'Live' },
];

/** Test or live, always in sight. A mode in which one has no role cannot be chosen. */
export function ModeSwitch(): ReactNode {
  const mode = useMode();
  const { roles } = useActiveSession();
  const other = mode === 'test' ? 'live' : 'test';
  const stranded = roles[mode] === null && roles[other] !== null;
  useEffect(() => {
    if (stranded) setMode(other);
  }, [stranded, other]);
  return (
    <fieldset className="segments shrink-0">
      <legend className="sr-only">Mode</legend>
      {modes.map(({ mode: one, text }) => (
        <button
          key={one}
          type="button"
          className="segment"
          aria-pressed={one === mode}
          data-mode={one}
          disabled={roles[one] === null}
          title={roles[one] === null ? `You have no role in ${one} mode` : undefined}
          onClick={() => setMode(one)}
        >
          {text}
          <span className="sr-only"> mode</span>
        </button>
      ))}
    </fieldset>
  );
}
