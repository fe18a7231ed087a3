import { type UseQueryResult, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import type { Permission, schemas } from 'payos-contract';
import { permissions } from 'payos-contract';
import { ask, isSameWork, readSession, sessionKey } from './client.ts';
import { currentMode, useMode } from './mode.ts';
import { queryClient } from './query-client.ts';
import { leave } from './session-end.ts';

export type Session = schemas.Session;

const options = {
  queryKey: sessionKey,
  queryFn: () => readSession(false),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
} as const;

/** Reads the session before anything is drawn. @throws what the API answers when it says no */
export const loadSession = (): Promise<Session> =>
  queryClient.fetchQuery({ ...options, retry: false });

/** Where the sign-in stands. */
export const useSession = (): UseQueryResult<Session> => useQuery(options);

/** The session, on pages that are only shown when there is one. */
export const useActiveSession = (): Session => useSuspenseQuery(options).data;

const channel = new BroadcastChannel('payos.session');
channel.addEventListener('message', () => {
  void queryClient.invalidateQueries({ queryKey: sessionKey });
});

/**
 * Takes the session that a step of signing in answered. What was read as somebody else, or for
 * another organization, is forgotten.
 */
export function takeSession(session: Session): void {
  const before = queryClient.getQueryData<Session>(sessionKey);
  queryClient.setQueryData(sessionKey, session);
  const same = isSameWork(before, session);
  if (same && before?.state === session.state) return;
  if (!same) queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  channel.postMessage('changed');
}

/** Takes a step that answers a session, e.g. `/v1/sign_in/totp`. */
export async function takeStep(path: string, body: unknown): Promise<Session> {
  const session = await ask<Session>(path, { method: 'POST', body });
  takeSession(session);
  return session;
}

export async function signOut(): Promise<void> {
  leave();
  await ask('/v1/session', { method: 'DELETE' }).catch(() => {});
  // Pages are gone before what they show is forgotten, so that none asks for it again.
  await readSession(true);
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  channel.postMessage('changed');
}

/** Whether a session has a permission; organization-wide ones count whatever the mode. */
export function has(session: Session, permission: Permission, mode = currentMode()): boolean {
  const wide = 'wide' in permissions[permission];
  return session.permissions[wide ? 'live' : mode].includes(permission);
}

/** Tells what the person may do in the mode that is switched on. */
export function useCan(): (permission: Permission) => boolean {
  const session = useActiveSession();
  const mode = useMode();
  return (permission) => has(session, permission, mode);
}
