import type { schemas } from 'payos-contract';
import { type Explanation, explainDecline, explainFailure } from './explain.ts';

type Said = {
  title: string;
  reason: Explanation | undefined;
  tone: 'ok' | 'warn' | 'danger' | 'info';
  icon: 'check' | 'x' | 'clock' | 'refund';
};

type Words = { done: string; open: string; refused: string };

const checks: Readonly<Record<string, string>> = {
  pass: 'Security code matched',
  fail: 'Security code wrong',
  unchecked: 'Security code not checked',
};

/** What the bank said about the security code. */
export const sayCheck = (check: string): string => checks[check] ?? `Security code: ${check}`;

const words: Record<schemas.AttemptKind, Words> = {
  authorize: {
    done: '{amount} approved',
    open: 'Approval of {amount} asked for',
    refused: '{amount} not approved',
  },
  capture: {
    done: '{amount} captured',
    open: 'Capture of {amount} under way',
    refused: '{amount} not captured',
  },
  cancel: { done: 'Canceled', open: 'Cancellation under way', refused: 'Not canceled' },
  refund: {
    done: '{amount} refunded',
    open: 'Refund of {amount} under way',
    refused: '{amount} not refunded',
  },
};

const waiting: Explanation = {
  text: 'No answer so far',
  advice: 'PayOS keeps asking the processor what became of it, and sends nothing twice.',
};

/**
 * What a call to the processor came to, in words for a person.
 *
 * @param amount as people write it, e.g. `€19.99`
 */
export function sayAttempt(attempt: schemas.Attempt, amount: string): Said {
  const { kind, state } = attempt;
  const { done, open, refused } = words[kind];
  const title = (text: string) => text.replace('{amount}', amount);
  if (state === 'succeeded') {
    const icon = kind === 'refund' ? 'refund' : 'check';
    return { title: title(done), reason: undefined, tone: 'ok', icon };
  }
  if (state === 'sending') {
    return { title: title(open), reason: undefined, tone: 'info', icon: 'clock' };
  }
  if (state === 'unknown') {
    return { title: title(open), reason: waiting, tone: 'warn', icon: 'clock' };
  }
  return { title: title(refused), reason: whyNot(attempt), tone: 'danger', icon: 'x' };
}

function whyNot({ decline_code, failure }: schemas.Attempt): Explanation | undefined {
  if (decline_code !== null) return explainDecline(decline_code);
  return failure === null ? undefined : explainFailure(failure);
}
