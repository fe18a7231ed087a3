import { type ReactNode, useEffect, useState } from 'react';
import { readSession } from '../api/client.ts';
import { lastUseMs, sessionDeadlines } from '../api/idle.ts';
import { signOut } from '../api/session.ts';
import { now } from '../clock.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

const warningMs = 2 * 60_000;
/** Typing and pointing count as use; PayOS is told at most this often. */
const tellEveryMs = 60_000;

/** Warns before the session ends by itself, and keeps it while somebody works without asking. */
export function IdleWatch(): ReactNode {
  const [left, setLeft] = useState<number>();
  const warned = left !== undefined;
  useEffect(() => {
    const timer = setInterval(() => setLeft(remainingMs()), 1_000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    // Whoever was warned answers the question instead.
    if (warned) return undefined;
    const onUse = () => {
      if (now() - lastUseMs() > tellEveryMs) void readSession(false).catch(() => {});
    };
    const kinds = ['pointerdown', 'keydown'] as const;
    for (const kind of kinds) addEventListener(kind, onUse, { passive: true });
    return () => {
      for (const kind of kinds) removeEventListener(kind, onUse);
    };
  }, [warned]);
  const over = left !== undefined && left <= 0;
  useEffect(() => {
    if (warned) void readSession(true).catch(() => {});
  }, [warned]);
  useEffect(() => {
    // The server has the last word: another tab may have been used meanwhile.
    if (over) void readSession(true).catch(() => {});
  }, [over]);
  if (left === undefined) return null;
  const stay = () => void readSession(false).finally(() => setLeft(remainingMs()));
  return (
    <Dialog open onClose={stay} title="Are you still there?">
      <p>
        You will be signed out in{' '}
        <span className="number font-semibold">{clockText(Math.max(0, left))}</span>. What you have
        not saved is lost then.
      </p>
      <p className="sr-only" role="alert">
        You will be signed out in less than two minutes.
      </p>
      <div className="dialog-foot">
        <Button onClick={() => void signOut()}>Sign out now</Button>
        <Button look="primary" onClick={stay} data-focus-first>
          Stay signed in
        </Button>
      </div>
    </Dialog>
  );
}

/** Time until the end, once it is close. */
function remainingMs(): number | undefined {
  const deadlines = sessionDeadlines();
  if (deadlines === undefined) return undefined;
  const left = Math.min(deadlines.idleMs, deadlines.endMs) - now();
  return left < warningMs ? left : undefined;
}

function clockText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
