import type { Problem } from 'payos-contract';
import { useSyncExternalStore } from 'react';

let current: Problem | undefined;
const listeners = new Set<() => void>();

/** The organization lets nobody in who does not keep its rules: then every reading is refused. */
const rules: readonly Problem['code'][] = [
  'factor_not_allowed',
  'network_refused',
  'email_domain_refused',
  'no_organization',
];

export function noteRefusal(problem: Problem): void {
  if (rules.includes(problem.code)) set(problem);
}

/** Something may have been done about it: the next answer tells. */
export const forgetRefusal = (): void => set(undefined);

function set(problem: Problem | undefined): void {
  if (current === problem) return;
  current = problem;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The rule of the organization that keeps this person out, if one does. */
export const useRefusal = (): Problem | undefined => useSyncExternalStore(subscribe, () => current);
